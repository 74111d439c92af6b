/**
 * How many slips of the pen lie between two texts: a letter left out, added, replaced, or exchanged with its neighbour
 * (Damerau–Levenshtein, optimal string alignment). Beyond `most` it is not counted: only what lies within that many places
 * of the diagonal is looked at.
 */
export function slips(one: string, other: string, most: number): number {
  const [a, b] = [[...one], [...other]]
  const beyond = most + 1
  if (Math.abs(a.length - b.length) > most) return beyond
  let before: readonly number[] = []
  let above: readonly number[] = b.map((_, j) => j).concat(b.length)
  for (let i = 1; i <= a.length; i++) {
    const row = new Array<number>(b.length + 1).fill(beyond)
    row[0] = i
    for (let j = Math.max(1, i - most); j <= Math.min(b.length, i + most); j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      const isExchange = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        (above[j] ?? beyond) + 1,
        (row[j - 1] ?? beyond) + 1,
        (above[j - 1] ?? beyond) + change,
        isExchange ? (before[j - 2] ?? beyond) + 1 : beyond,
      )
    }
    before = above
    above = row
  }
  return Math.min(above[b.length] ?? beyond, beyond)
}

/** As many slips as a name of that length may hold and still be taken for the same: none of 2 letters, one of 3 to 7, else two. */
export function isSlip(one: string, other: string): boolean {
  const length = Math.min(one.length, other.length)
  const most = length < 3 ? 0 : length < 8 ? 1 : 2
  return slips(one, other, most) <= most
}
