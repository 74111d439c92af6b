import type { ExportRequest, ExportShape } from '../../export.ts'
import type { ExportSettings } from '../../face.ts'
import { leniently, onlyOf, type Reading, unfit } from './reading.ts'

const leastMaximum = 100_000
const mostMinimum = 1_000_000_000
const megabyte = 1_000_000

/** `organizeOutputBy` and `allowPartialManifests`. */
export function readManifestShape(reading: Reading): Pick<ExportRequest, 'organizedBy' | 'isPartial'> {
  const organizedBy = leniently(reading, () => readOrganizedBy(reading))
  const isPartial = leniently(reading, () => readSwitch(reading, 'allowPartialManifests')) ?? false
  return { isPartial, ...(organizedBy && { organizedBy }) }
}

/** `_minimumFileSize` and `_maximumFileSize`, and what the practice's settings say where they are silent. */
export function readFileShape(
  reading: Reading,
  { lines, megabytes }: ExportSettings,
): Pick<ExportShape, 'mostLines' | 'mostBytes'> {
  const [least, most] = leniently(reading, () => readSizes(reading)) ?? []
  const usual = Math.max(megabytes * megabyte, least ?? 0)
  return { mostBytes: Math.min(usual, most ?? usual), mostLines: least === undefined ? lines : 10_000_000 }
}

function readOrganizedBy(reading: Reading): 'Patient' | undefined {
  const asked = onlyOf(reading, 'organizeOutputBy')
  if (asked === undefined || asked === 'Patient') return asked
  throw unfit('organizeOutputBy', `"${asked}" is not offered; Patient is`, 'not-supported')
}

function readSwitch(reading: Reading, name: string): boolean {
  const asked = onlyOf(reading, name)
  if (asked === undefined || asked === 'false') return false
  if (asked === 'true') return true
  throw unfit(name, `"${asked}" is neither true nor false`)
}

function readSizes(reading: Reading): readonly [least: number | undefined, most: number | undefined] {
  const [least, most] = [readSize(reading, '_minimumFileSize'), readSize(reading, '_maximumFileSize')]
  if (least !== undefined && least > mostMinimum)
    throw unfit('_minimumFileSize', `at most ${mostMinimum} bytes are promised`)
  if (most !== undefined && most < leastMaximum)
    throw unfit('_maximumFileSize', `at least ${leastMaximum} bytes are taken`)
  if (least !== undefined && most !== undefined && least > most)
    throw unfit('_minimumFileSize', 'it is more than _maximumFileSize')
  return [least, most]
}

function readSize(reading: Reading, name: string): number | undefined {
  const asked = onlyOf(reading, name)
  if (asked === undefined) return undefined
  if (/^[1-9]\d{0,14}$/.test(asked)) return Number(asked)
  throw unfit(name, `"${asked}" is not a number of bytes`)
}
