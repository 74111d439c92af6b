/** Patients with Observations by Practitioners, a Group of every tenth patient, and clients that change them. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OwnInstallation } from './own-installation.ts'

const practitioners = 40
export const group = 'tenth'

export interface Records {
  readonly patients: number
  readonly observations: number
}

export function recordsOf(resources: number): Records {
  const patients = Math.ceil(resources / 20)
  return { patients, observations: resources - patients - practitioners - 1 }
}

/** `filling` makes each Observation longer by so many bytes. */
export async function load({ path, done }: OwnInstallation, records: Records, filling = 0): Promise<void> {
  const source = join(path, 'north.ndjson')
  const file = createWriteStream(source)
  const note = filling > 0 ? [{ text: 'x'.repeat(filling) }] : undefined
  for (const resource of resourcesOf(records)) {
    const isLong = note && resource.resourceType === 'Observation'
    if (!file.write(`${JSON.stringify(isLong ? { ...resource, note } : resource)}\n`)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'close')
  await done('import', '--practice', 'north', source)
}

function* resourcesOf(records: Records) {
  const { patients, observations } = records
  for (let i = 0; i < practitioners; i++) yield named('Practitioner', `d${i}`, 'first')
  for (let i = 0; i < patients; i++) yield named('Patient', `p${i}`, 'first')
  const member = [...Array(patients).keys()].filter(isMember).map((i) => ({ entity: { reference: `Patient/p${i}` } }))
  yield { resourceType: 'Group', id: group, type: 'person', actual: true, member }
  for (let i = 0; i < observations; i++) yield { id: `o${i}`, ...observation(records, i, 'first') }
}

export const isMember = (patient: number) => patient % 10 === 0

function named(resourceType: 'Patient' | 'Practitioner', id: string, family: string) {
  return { resourceType, id, name: [{ family }] }
}

function observation({ patients }: Records, i: number, text: string) {
  return {
    ...{ resourceType: 'Observation', status: 'final', code: { text } },
    subject: { reference: `Patient/p${i % patients}` },
    performer: [{ reference: `Practitioner/d${i % practitioners}` }],
  }
}

/** Creates, updates and deletes until it is over; tells of each write that was acknowledged. */
export async function change(
  { send }: OwnInstallation,
  records: Records,
  { isOver, onWrite }: { readonly isOver: () => boolean; readonly onWrite: () => void },
): Promise<void> {
  for (let n = 0; !isOver(); n++) {
    const { method, path, resource } = anyWrite(records, `write ${n}`)
    try {
      const answer = await send(path, { method, ...(resource && { body: JSON.stringify(resource) }) })
      await answer.arrayBuffer()
      if (answer.ok) onWrite()
    } catch {
      await sleep(100) // it was killed
    }
  }
}

function anyWrite(records: Records, text: string) {
  const any = (below: number) => Math.floor(Math.random() * below)
  const i = any(records.observations)
  const what = Math.random()
  if (what < 0.3) return { method: 'DELETE', path: `Observation/o${i}`, resource: undefined }
  if (what < 0.5) return { method: 'POST', path: 'Observation', resource: observation(records, i, text) }
  if (what < 0.9) {
    return { method: 'PUT', path: `Observation/o${i}`, resource: { id: `o${i}`, ...observation(records, i, text) } }
  }
  const resource =
    what < 0.95
      ? named('Patient', `p${any(records.patients)}`, text)
      : named('Practitioner', `d${any(practitioners)}`, text)
  return { method: 'PUT', path: `${resource.resourceType}/${resource.id}`, resource }
}
