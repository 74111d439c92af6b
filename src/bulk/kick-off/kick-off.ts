import { createHash } from 'node:crypto'
import { seeAll } from '#access'
import { groupRule, outcome } from '#fhir'
import type { Answer } from '#http'
import { Problem } from '#lib'
import type { OperationCall } from '#rest'
import { statusAddress } from '../addresses.ts'
import type { ExportRequest, NewExport } from '../export.ts'
import { checkCohort, type Exporter, exporterOf } from '../exporter.ts'
import type { ExportFace } from '../face.ts'
import { latestT } from '../records/exports-store.ts'
import { askedBefore, enqueue } from './enqueue.ts'
import type { Reading } from './parameters/reading.ts'
import { type Preferences, preferencesOf } from './preferences.ts'
import { readRequest } from './read-request.ts'

/** Adds an export to the queue. https://hl7.org/fhir/uv/bulkdata/export.html#bulk-data-kick-off-request */
export async function kickOff(face: ExportFace, call: OperationCall): Promise<Answer> {
  const { practice } = call
  const settings = face.settingsOf(practice)
  const exporter = await exporterOf(face, practice, await call.principal)
  const preferences = preferencesOf(call, settings)
  const place = placeOf(call)
  checkCohort(exporter, place)
  if (place.group !== undefined) await checkGroup(face, call, exporter)
  const reading = readingOf(face, call, { exporter, preferences, level: place.level })
  const asked = await readRequest(reading, settings, face.storeOf(practice))
  const request: ExportRequest = { ...place, ...asked.request, ...(preferences.isSeparate && { isSeparate: true }) }
  const { principal } = exporter
  const { client, user } = principal
  const added: NewExport = {
    ...{ practice: practice.number, client, principal, request, base: call.base, address: call.address },
    ...(user !== undefined && { user }),
    shape: {
      ...asked.shape,
      isGzipped: settings.isGzipped,
      expiryHours: settings.expiryHours,
      // an address cannot tell whether a person still works here
      isOpen: settings.urls === 'capability' && user === undefined,
      mostRunning: settings.running,
      mostInPractice: settings.runningInPractice,
    },
    same: hashOf([request, asked.shape, principal.scopes.split(' ').sort(), user]),
    ...askedBefore(call, principal),
    notices: reading.notices,
  }
  const id = await enqueue(face, call, { added, settings })
  return accepted(statusAddress(practice, { base: call.base, id }), preferences, reading)
}

function placeOf({ type, id }: OperationCall): Pick<ExportRequest, 'level' | 'group'> {
  if (type === undefined) return { level: 'system' }
  return id === undefined ? { level: 'patient' } : { level: 'group', group: id }
}

/** A token that reads Groups reads this one; others export it all the same, if they are permitted to (A7). */
async function checkGroup({ storeOf }: ExportFace, { practice, id = '' }: OperationCall, { see }: Exporter) {
  const found = await storeOf(practice).read(see('Group') ? see : seeAll, 'Group', id)
  if (found.state === 'none') throw new Problem('not-found', `Group/${id} is not known`)
  if (found.state === 'deleted') throw new Problem('gone', `Group/${id} was deleted`)
  groupRule(JSON.parse(found.row.body) as object, practice.timeZone) // refuses a rule that is not understood
}

function readingOf(
  { now, db }: ExportFace,
  { entries, method, practice }: OperationCall,
  { exporter, preferences, level }: Pick<Reading, 'exporter' | 'level'> & { readonly preferences: Preferences },
): Reading {
  return {
    ...{ entries, practice, level, exporter },
    isPosted: method === 'POST',
    isLenient: preferences.isLenient,
    now: now(),
    latestT: () => latestT(db, practice.number),
    notices: [],
  }
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url')
}

function accepted(status: string, { applied }: Preferences, { notices }: Reading): Answer {
  const begun = outcome('information', 'informational', `The export has begun: ask ${status} how far it is`)
  const ignored = notices.flatMap(({ severity, code, sentence }) => outcome(severity, code, sentence).issue)
  return {
    status: 202,
    isFleeting: true,
    headers: { 'content-location': status, ...(applied.length > 0 && { 'preference-applied': applied.join(', ') }) },
    body: JSON.stringify({ ...begun, issue: [...begun.issue, ...ignored] }),
  }
}
