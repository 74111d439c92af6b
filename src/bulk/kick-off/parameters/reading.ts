import type { Practice } from '#http'
import { Problem } from '#lib'
import type { Entry } from '#rest'
import type { ExportRequest, Notice } from '../../export.ts'
import type { Exporter } from '../../exporter.ts'

/** The parameters of a kick-off while they are read. */
export interface Reading {
  readonly entries: readonly Entry[]
  readonly isPosted: boolean
  /** `Prefer: handling=lenient`: what may be left out is, and the error files say so. */
  readonly isLenient: boolean
  readonly practice: Practice
  readonly level: ExportRequest['level']
  readonly exporter: Exporter
  /** Milliseconds since 1970. */
  readonly now: number
  /** The latest transactionTime that was handed out. */
  readonly latestT: () => Promise<number | undefined>
  readonly notices: Notice[]
}

/** The values of a parameter as text. */
export function textsOf({ entries }: Reading, name: string): readonly string[] {
  return entries
    .filter((entry) => entry.name === name)
    .map(({ given }) => {
      if (typeof given !== 'string') throw unfit(name, 'it is given as text, and this is an object')
      if (given.trim() === '') throw unfit(name, 'it has no value')
      return given
    })
}

/** More than any request needs; each may be a sentence for the error files. */
const mostValues = 1000

export function checkNumber(name: string, values: number) {
  if (values > mostValues) throw unfit(name, `at most ${mostValues} are taken at once, and these are ${values}`)
}

/** The values of a parameter whose values are often given with commas between them. */
export function listOf(reading: Reading, name: string): readonly string[] {
  const items = textsOf(reading, name).flatMap((text) => text.split(','))
  const values = new Set(items.map((item) => item.trim()).filter((item) => item !== ''))
  checkNumber(name, values.size)
  return [...values]
}

export function onlyOf(reading: Reading, name: string): string | undefined {
  const [text, ...others] = textsOf(reading, name)
  if (others.length > 0) throw unfit(name, `it is given ${others.length + 1} times, and may be once`)
  return text
}

export function unfit(name: string, why: string, issue = 'value'): Problem {
  return new Problem('incorrect', `Cannot take the parameter "${name}": ${why}`, { expression: name, issue })
}

/** What `read` gives; undefined when it refuses what a client that prefers lenient handling goes without. */
export function leniently<Value>({ isLenient, notices }: Reading, read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (!isLenient || !(error instanceof Problem) || error.kind !== 'incorrect') throw error
    notices.push({
      severity: 'warning',
      code: error.issue ?? 'value',
      sentence: `${error.message}. It was left out, as Prefer: handling=lenient allows`,
    })
    return undefined
  }
}
