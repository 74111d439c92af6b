/** Instants are milliseconds since 1970; what is printed is the practice's wall clock, UTC-05:00 all year. */
export const dayMs = 86_400_000
export const yearMs = 365.25 * dayMs
const offsetMs = -5 * 3_600_000
/** A zone where clocks show that. */
export const timeZone = 'America/Panama'

export const instantOf = (date: string) => Date.parse(`${date}T17:00:00Z`)
const wallClock = (at: number) => new Date(at + offsetMs).toISOString()

export const date = (at: number) => wallClock(at).slice(0, 10)
export const month = (at: number) => wallClock(at).slice(0, 7)
export const year = (at: number) => wallClock(at).slice(0, 4)
export const dateTime = (at: number) => `${wallClock(at).slice(0, 19)}-05:00`
export const instant = (at: number) => `${wallClock(at).slice(0, 23)}-05:00`

export const yearsBetween = (from: number, to: number) => (to - from) / yearMs

/** The same day between 8:00 and 16:55 on the practice's clock. */
export function officeHours(at: number, fraction: number): number {
  const midnight = Math.floor((at + offsetMs) / dayMs) * dayMs - offsetMs
  return midnight + 8 * 3_600_000 + Math.floor(fraction * 107) * 300_000
}
