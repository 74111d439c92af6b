/** As many as are done at once: the store joins them, and others still get their turn. */
const mostAtOnce = 16

/** Does something with each item, some at once; the answers in the order of the items. */
export async function atOnce<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = []
  const waiting = items.entries()
  const one = async () => {
    for (const [index, item] of waiting) answers[index] = await act(item)
  }
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, items.length) }, one))
  return answers
}
