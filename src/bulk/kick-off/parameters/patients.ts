import { parseReference } from '#fhir'
import { standardPath } from '#http'
import type { Store } from '#store'
import { checkMayExport, groupsOf } from '../../exporter.ts'
import { type Reading, unfit } from './reading.ts'

const mostPatients = 5000

/** `patient`: the ids of whom it names, each of whom may be seen; looked up by key. Who is no member is told in the end. */
export async function readPatients(reading: Reading, store: Store): Promise<readonly string[] | undefined> {
  const given = reading.entries.filter(({ name }) => name === 'patient')
  if (given.length === 0) return undefined
  if (reading.level === 'system') {
    throw unfit('patient', 'it is taken by Patient/$export and Group/{id}/$export, not at system level')
  }
  if (!reading.isPosted) throw unfit('patient', 'it is taken by POST only, in a Parameters resource')
  checkMayExport(reading.exporter, 'Patient')
  const ids = [...new Set(given.map((entry) => patientId(reading, entry.given)))]
  if (ids.length > mostPatients)
    throw unfit('patient', `at most ${mostPatients} are taken at once, and these are ${ids.length}`)
  if (groupsOf(reading.exporter)) return ids // who is in none of its groups is not told from who is not there
  const found = await Promise.all(ids.map((id) => store.read(reading.exporter.see, 'Patient', id)))
  const unknown = ids.filter((_, i) => found[i]?.state !== 'current')
  if (unknown.length === 0) return ids
  throw unfit(
    'patient',
    `${unknown
      .slice(0, 10)
      .map((id) => `Patient/${id}`)
      .join(', ')} is not known`,
    'not-found',
  )
}

function patientId({ practice: { root, dialect } }: Reading, given: Reading['entries'][number]['given']): string {
  const text = typeof given === 'string' ? given : (given.value as { reference?: unknown }).reference
  const bases = [standardPath, ...dialect.fhirPaths].map((path) => root + path)
  const reference = typeof text === 'string' ? parseReference(text.trim(), bases) : undefined
  if (reference?.kind === 'relative' && reference.type === 'Patient') return reference.id
  throw unfit('patient', 'a reference such as Patient/1 is wanted')
}
