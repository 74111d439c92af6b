/** Works on items as they come, some at once. A failure of the work calls `failed`, which should end the rest, and is thrown at the end. */
export async function eachAtOnce<Item>(
  items: AsyncIterable<Item>,
  { most, failed }: { readonly most: number; readonly failed: () => void },
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>()
  const failures: unknown[] = []
  try {
    for await (const item of items) {
      const task: Promise<void> = work(item)
        .catch((error) => {
          failures.push(error)
          failed()
        })
        .finally(() => running.delete(task))
      running.add(task)
      if (running.size >= most) await Promise.race(running)
      if (failures.length > 0) break
    }
  } catch (error) {
    failures.push(error) // what is under way is finished first
  }
  await Promise.all(running)
  if (failures.length > 0) throw failures[0]
}
