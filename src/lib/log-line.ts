/** As the loggers of Node count them (https://getpino.io/#/docs/api?id=loggerlevels-object). */
const levels = { info: 30, error: 50 }

/** What every line of the log begins with: its level, and when it was, in milliseconds since 1970. */
interface LogHead {
  readonly level: number
  readonly time: number
}

/** A line of the JSON log; what an event says of itself is not called as the head's members are. */
export function logLine(
  event: object & { [name in keyof LogHead]?: never },
  level: keyof typeof levels = 'info',
): string {
  const head: LogHead = { level: levels[level], time: Date.now() }
  return `${JSON.stringify({ ...head, ...event })}\n`
}
