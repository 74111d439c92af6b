/** A time as HTTP has it, in whole seconds. https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats */
export interface HttpDate {
  readonly seconds: number
  readonly text: string
}

const known = new Map<number, HttpDate>()

/** Kept by the second, because resources that were imported together share theirs and formatting one is slow. */
export function httpDate(micros: number): HttpDate {
  const seconds = Math.floor(micros / 1_000_000)
  const held = known.get(seconds)
  if (held) return held
  const made = { seconds, text: new Date(seconds * 1000).toUTCString() }
  if (known.size >= 5000) known.clear()
  known.set(seconds, made)
  return made
}
