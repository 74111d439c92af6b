/** How a practice speaks: five objects of one type, a value for each difference between the described systems. */
import type { Dialect } from './dialect.ts'
import { integra } from './integra.ts'
import { modmed } from './modmed.ts'
import { mof } from './mof.ts'
import type { DialectName } from './names.ts'
import { standard } from './standard.ts'
import { veradigm } from './veradigm.ts'

export type { BuiltInGroup, Dialect } from './dialect.ts'
export type { ExportForm } from './export-form.ts'
export { type DialectName, dialectNames } from './names.ts'

export const dialects: Readonly<Record<DialectName, Dialect>> = { standard, modmed, mof, veradigm, integra }

/** Undefined when there is no such dialect; names come in from settings. */
export function dialectOf(name: string): Dialect | undefined {
  return Object.hasOwn(dialects, name) ? dialects[name as DialectName] : undefined
}
