import type { Progress } from '#bulk-client'
import { clockText, numeral, type Screen } from './import-progress.ts'

const secondsBetween = { terminal: 0.2, plain: 5 }

/** Shows how far a download is: one line that is drawn over, or plain lines where there is no terminal. */
export function bulkProgress(screen: Screen, now: () => number = () => performance.now()) {
  const start = now()
  const pause = 1000 * (screen.isTTY ? secondsBetween.terminal : secondsBetween.plain)
  let shownAt = Number.NEGATIVE_INFINITY
  let loadingSince: number | undefined
  let isDrawn = false
  let last: Progress | undefined

  function update(progress: Progress): void {
    last = progress
    if (progress.bytes > 0) loadingSince ??= now()
    if (now() - shownAt < pause) return
    shownAt = now()
    isDrawn = screen.isTTY === true
    const text = bulkProgressText(progress, (shownAt - (loadingSince ?? start)) / 1000)
    const line = `${bar(progress)}${text}`.slice(0, (screen.columns ?? 80) - 1)
    screen.write(isDrawn ? `\r${line}\u001b[K` : `${text}\n`)
  }

  function clear(): void {
    if (isDrawn) screen.write('\r\u001b[K')
    isDrawn = false
  }

  return {
    update,
    clear,
    /** Time goes on where nothing else does. */
    tick(): void {
      if (screen.isTTY && last) update(last)
    },
    /** A line above the progress. */
    tell(line: string): void {
      clear()
      screen.write(`${line}\n`)
    },
  }
}

/** `seconds`: since the first byte; while the server prepares, since the start. */
export function bulkProgressText({ serverSays, files, filesLoaded, bytes }: Progress, seconds: number): string {
  const waiting = serverSays === undefined ? '' : `waiting for the server, ${clockText(seconds)}${said(serverSays)}`
  if (files === 0) return waiting
  const rate = `${sizeText(bytes / Math.max(seconds, 0.001))}/s`
  const loading = `${numeral(filesLoaded)} of ${numeral(files)} files, ${sizeText(bytes)}, ${rate}`
  return waiting ? `${loading}; more to come${said(serverSays ?? '')}` : loading
}

function said(text: string): string {
  return text === '' ? '' : `: ${text}`
}

export function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${numeral(bytes / 1e3)} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}

function bar({ serverSays, files, filesLoaded }: Progress): string {
  const percent = serverSays === undefined ? (100 * filesLoaded) / Math.max(files, 1) : percentIn(serverSays)
  if (percent === undefined) return ''
  const full = Math.min(20, Math.floor(percent / 5))
  return `[${'='.repeat(full)}${' '.repeat(20 - full)}] `
}

/** Most servers say how far they are in percent. */
function percentIn(text: string): number | undefined {
  const found = /(\d+(?:\.\d+)?) ?%/.exec(text)
  return found ? Number(found[1]) : undefined
}
