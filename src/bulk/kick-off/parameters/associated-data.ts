import type { ExportRequest } from '../../export.ts'
import { checkMayExport, mayExport } from '../../exporter.ts'
import { leniently, listOf, type Reading, unfit } from './reading.ts'

const offered = { LatestProvenanceResources: 'latest', RelevantProvenanceResources: 'all' } as const

type Provenance = ExportRequest['provenance']

/**
 * `includeAssociatedData`, and what holds without it: Provenance goes out unless `_type` leaves it out (VER-3). Of several
 * values the one that restricts least counts.
 */
export function readProvenance(reading: Reading, named: Pick<ExportRequest, 'types' | 'isTyped'>) {
  const values = listOf(reading, 'includeAssociatedData')
  const asked = values.flatMap((value) => leniently(reading, () => readValue(value)) ?? [])
  if (asked.length > 0) checkMayExport(reading.exporter, 'Provenance')
  const provenance = asked.length > 0 ? leastRestrictive(asked) : without(reading, named)
  const others = named.types.filter((type) => type !== 'Provenance')
  return { provenance, types: provenance === 'none' ? others : [...others, 'Provenance'] }
}

function readValue(value: string): Provenance {
  if (Object.hasOwn(offered, value)) return offered[value as keyof typeof offered]
  throw unfit(
    'includeAssociatedData',
    `"${value}" is not offered; ${Object.keys(offered).join(' and ')} are`,
    'not-supported',
  )
}

function leastRestrictive(asked: readonly Provenance[]): Provenance {
  return asked.includes('all') ? 'all' : 'latest'
}

function without({ exporter }: Reading, { types, isTyped }: Pick<ExportRequest, 'types' | 'isTyped'>): Provenance {
  if (isTyped) return types.includes('Provenance') ? 'all' : 'none'
  return mayExport(exporter, 'Provenance') ? 'all' : 'none'
}
