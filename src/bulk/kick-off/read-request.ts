import { Problem } from '#lib'
import type { Store } from '#store'
import type { ExportRequest, ExportShape } from '../export.ts'
import type { ExportSettings } from '../face.ts'
import { exportParameters } from '../operations/export-parameters.ts'
import { readProvenance } from './parameters/associated-data.ts'
import { readElements } from './parameters/elements.ts'
import { readInstants } from './parameters/instants.ts'
import { readFileShape, readManifestShape } from './parameters/manifest-shape.ts'
import { checkOutputFormat } from './parameters/output-format.ts'
import { readPatients } from './parameters/patients.ts'
import { checkNumber, leniently, type Reading, unfit } from './parameters/reading.ts'
import { readTypeFilters } from './parameters/type-filters.ts'
import { readTypes } from './parameters/types.ts'

export interface Asked {
  readonly request: Omit<ExportRequest, 'level' | 'group' | 'isSeparate'>
  readonly shape: Pick<ExportShape, 'mostLines' | 'mostBytes'>
}

/** What is asked for; throws what cannot be. https://hl7.org/fhir/uv/bulkdata/export.html#query-parameters */
export async function readRequest(reading: Reading, settings: ExportSettings, store: Store): Promise<Asked> {
  checkNames(reading)
  checkOutputFormat(reading)
  const instants = readInstants(reading)
  await refuseFuture(reading, instants.since)
  const named = readTypes(reading)
  const { types, provenance } = readProvenance(reading, named)
  const elements = readElements(reading, types)
  const patients = await readPatients(reading, store)
  const request = {
    ...instants,
    ...{ types, isTyped: named.isTyped, provenance },
    filters: readTypeFilters(reading, types),
    ...(elements && { elements }),
    ...(patients && { patients }),
    ...readManifestShape(reading),
  }
  return { request, shape: readFileShape(reading, settings) }
}

function checkNames(reading: Reading) {
  const names = new Set(reading.entries.map(({ name }) => name))
  const unknown = [...names].find((name) => !Object.hasOwn(exportParameters, name))
  if (unknown !== undefined) checkNumber(unknown, names.size)
  for (const name of names) leniently(reading, () => checkName(name))
}

function checkName(name: string) {
  if (Object.hasOwn(exportParameters, name)) return
  const known = Object.keys(exportParameters).join(', ')
  throw new Problem('incorrect', `The operation has no parameter "${name}": it takes ${known}`, {
    expression: name,
    issue: 'not-supported',
  })
}

/** Clocks of two machines may differ so much. */
const toleratedMs = 60_000

/** A clock that was set back may lie behind the transactionTime of an earlier export. */
async function refuseFuture({ now, latestT }: Reading, since: number | undefined) {
  if (since === undefined || since / 1000 <= now + toleratedMs) return
  if (since <= ((await latestT()) ?? 0)) return
  throw unfit('_since', 'it lies in the future; the transactionTime of an earlier export is meant')
}
