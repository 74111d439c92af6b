/** A time as HTTP has it, in whole seconds. https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats */
export interface HttpDate {
  readonly seconds: number
  readonly text: string
}

const known = new Map<string, HttpDate>()

/** Kept by the second, because resources that were imported together share theirs and formatting one is slow. */
export function httpDate(iso: string): HttpDate {
  const second = iso.slice(0, 19)
  const held = known.get(second)
  if (held) return held
  const date = new Date(`${second}Z`)
  const made = { seconds: date.getTime() / 1000, text: date.toUTCString() }
  if (known.size >= 5000) known.clear()
  known.set(second, made)
  return made
}
