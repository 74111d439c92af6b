import type { ExportForm } from '#dialects'
import type { Export } from '../export.ts'

const longest = 99

/** `X-Progress`: less than 100 characters. */
export function progressText(form: ExportForm['progress'], { state, progress, writing, isRetried }: Export): string {
  if (form === 'in-progress') return 'In-Progress'
  const percent = `${Math.floor(Math.min(0.99, progress) * 100)}%`
  if (form === 'percent') return percent
  if (state === 'queued') return `${percent}: waits for another export to end`
  if (isRetried) return `${percent}: waits to try again, as something that it needs was not available`
  const types = [...new Set(writing.flatMap((text) => text.split(', ')))]
  let text = types.length > 0 ? `${percent}: writes ` : `${percent}: finds out what is to be written`
  for (const [i, type] of types.entries()) {
    const next = `${i > 0 ? ', ' : ''}${type}`
    if (text.length + next.length > longest - 10) return `${text}, and more`
    text += next
  }
  return text
}
