/** Answers of the database that may be some seconds old: at once when it is known, and asked once for all who wait. */
export type Kept<Value> = (key: string) => Value | Promise<Value>

interface KeptOptions {
  /** No answer is older. */
  readonly milliseconds: number
  /** An answer older than this is asked again while it still serves, so that hardly anybody waits; `milliseconds` unless given. */
  readonly freshMilliseconds?: number
  readonly now?: () => number
  /** Answers that are held at most; keys may come from strangers. */
  readonly most?: number
}

export function kept<Value>(
  ask: (key: string) => Promise<Value>,
  { milliseconds, freshMilliseconds = milliseconds, now = Date.now, most = 10_000 }: KeptOptions,
): Kept<Value> {
  const held = new Map<string, { readonly value: Value; readonly at: number }>()
  const asked = new Map<string, Promise<Value>>()

  function askOnce(key: string): Promise<Value> {
    const underWay = asked.get(key)
    if (underWay) return underWay
    const at = now() // what changes while the question is under way is not in the answer
    const answer = ask(key)
      .then((value) => {
        if (held.size >= most) held.clear()
        held.set(key, { value, at })
        return value
      })
      .finally(() => asked.delete(key))
    asked.set(key, answer)
    return answer
  }

  return (key) => {
    const found = held.get(key)
    const age = found ? now() - found.at : Number.POSITIVE_INFINITY
    if (!found || age > milliseconds) return askOnce(key)
    if (age > freshMilliseconds) void askOnce(key).catch(() => {}) // who finds it too old hears of the failure
    return found.value
  }
}
