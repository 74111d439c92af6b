import { html, type Markup } from '#ui'
import type { Texts } from './texts.ts'

export interface Place {
  readonly timeZone: string
  readonly texts: Texts
}

/** A moment as its place tells it, with UTC in the title. */
export function moment(date: Date, { timeZone, texts }: Place): Markup {
  const shown = date.toLocaleString(texts.tag, { timeZone, dateStyle: 'medium', timeStyle: 'short' })
  return html`<time datetime="${date.toISOString()}" title="${utc(date)}">${shown}</time>`
}

export function day(date: Date, { timeZone, texts }: Place): Markup {
  const shown = date.toLocaleDateString(texts.tag, { timeZone, dateStyle: 'medium' })
  return html`<time datetime="${date.toISOString()}" title="${utc(date)}">${shown}</time>`
}

export function timeOfDay(date: Date, { timeZone, texts }: Place): string {
  return date.toLocaleTimeString(texts.tag, { timeZone, timeStyle: 'short' })
}

/** A FHIR date of any precision, such as 1970 or 1970-05-02. */
export function calendarDate(text: string, texts: Texts): Markup {
  const [year, month, dayOfMonth] = text.split('-')
  const date = new Date(Date.UTC(Number(year), Number(month ?? 1) - 1, Number(dayOfMonth ?? 1)))
  if (Number.isNaN(date.getTime())) return html`${text}`
  const shown = date.toLocaleDateString(texts.tag, {
    timeZone: 'UTC',
    year: 'numeric',
    ...(month !== undefined && { month: 'long' }),
    ...(dayOfMonth !== undefined && { day: 'numeric' }),
  })
  return html`<time datetime="${text}">${shown}</time>`
}

function utc(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
