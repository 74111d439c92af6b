/**
 * How many slips of the pen lie between two texts: a letter left out, added, replaced, or exchanged with its neighbour
 * (Damerau–Levenshtein, optimal string alignment).
 */
export function slips(one: string, other: string): number {
  const a = [...one]
  const b = [...other]
  let before: number[] = []
  let above = b.map((_, j) => j).concat(b.length)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + change)
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? best) + 1)
      row.push(best)
    }
    before = above
    above = row
  }
  return above[b.length] ?? 0
}

/** As many slips as a name of that length may hold and still be taken for the same: none of 2 letters, one of 3 to 7, else two. */
export function isSlip(one: string, other: string): boolean {
  const length = Math.min(one.length, other.length)
  const most = length < 3 ? 0 : length < 8 ? 1 : 2
  return Math.abs(one.length - other.length) <= most && slips(one, other) <= most
}
