import { loaded, type Progress } from '#load'

/** Where progress is shown: standard error, a terminal or not. */
export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const secondsBetween = { terminal: 0.2, plain: 5 }

/** Shows how far an import is: a bar that is drawn over, or plain lines where there is no terminal. */
export function importProgress(screen: Screen, now: () => number = () => performance.now()) {
  const start = now()
  const pause = 1000 * (screen.isTTY ? secondsBetween.terminal : secondsBetween.plain)
  let shownAt = start
  let isDrawn = false
  return {
    update(progress: Progress): void {
      if (now() - shownAt < pause) return
      shownAt = now()
      const text = progressText(progress, (shownAt - start) / 1000)
      isDrawn = screen.isTTY === true
      screen.write(isDrawn ? `\r${bar(progress)}${text}\u001b[K` : `${text}\n`)
    },
    /** Makes room for another line. */
    clear(): void {
      if (isDrawn) screen.write('\r\u001b[K')
      isDrawn = false
    },
  }
}

export function progressText({ counts, bytesRead, bytesInAll }: Progress, seconds: number): string {
  const count = loaded(counts)
  const rate = `${numeral(count)} resources, ${numeral(count / Math.max(seconds, 0.001))}/s`
  const failed = counts.failed > 0 ? `, ${numeral(counts.failed)} failed` : ''
  if (!bytesInAll || bytesRead === 0) return rate + failed
  const left = (seconds * (bytesInAll - bytesRead)) / bytesRead
  return `${rate}${failed}, ${Math.floor((100 * bytesRead) / bytesInAll)} %, ${clockText(left)} left`
}

export function numeral(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

export function clockText(seconds: number): string {
  const whole = Math.ceil(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return parts
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
    .replace(/^00:/, '')
}

function bar({ bytesRead, bytesInAll }: Progress): string {
  if (!bytesInAll) return ''
  const full = Math.min(20, Math.floor((20 * bytesRead) / bytesInAll))
  return `[${'='.repeat(full)}${' '.repeat(20 - full)}] `
}
