/** What the records of a practice were before, and what is no longer there: other owners, other labels. */
import { nameOf } from './model.ts'
import { markOf, patientIds, type Resource, restricted } from './records.ts'

export interface PastVersion {
  readonly name: string
  readonly version: number
  /** Of a deletion what was deleted; with the labels of the newest version, which hide the earlier ones, too. */
  readonly resource: Resource
  readonly isDeletion: boolean
  /** Replaced, or a deletion. */
  readonly isPast: boolean
}

/** Earlier versions of every second record: the next patient's, or with and without a label. */
export function earlierOf(records: readonly Resource[]): Resource[] {
  return records.flatMap((resource, at) => {
    if (at % 2 === 1) return []
    const moved = JSON.parse(JSON.stringify(resource).replace(/(?<=Patient\/p)\d\b/g, next)) as Resource
    const isMoved = JSON.stringify(moved) !== JSON.stringify(resource)
    return [isMoved && at % 4 === 0 ? moved : relabelled(resource)]
  })
}

const next = (digit: string) => String((Number(digit) % patientIds.length) + 1)

function relabelled(resource: Resource): Resource {
  const { security, ...meta } = resource.meta as { security?: unknown }
  const [system, code] = restricted.split('|')
  return { ...resource, meta: security ? meta : { ...meta, security: [{ system, code }] } }
}

function alsoLabelled(resource: Resource, newest?: Resource): Resource {
  const securityOf = ({ meta }: Resource) => (meta as { security?: readonly object[] } | undefined)?.security ?? []
  const security = [...securityOf(resource), ...(newest ? securityOf(newest) : [])]
  return security.length === 0 ? resource : { ...resource, meta: { ...(resource.meta as object), security } }
}

/** Records that are deleted as soon as they are stored. */
export function deletedOf(practice: string): Resource[] {
  const meta = { source: markOf(practice) }
  return patientIds.flatMap((p): Resource[] => {
    const subject = { reference: `Patient/${p}` }
    const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject }
    return [
      { ...observation, id: `gone-${p}`, meta },
      relabelled({ ...observation, id: `gone-secret-${p}`, meta }),
      {
        resourceType: 'Binary',
        id: `gone-${p}`,
        contentType: 'text/plain',
        data: 'aGk=',
        securityContext: subject,
        meta,
      },
      {
        ...{ resourceType: 'Provenance', id: `gone-${p}`, recorded: '2024-03-01T00:00:00Z', meta },
        ...{ target: [{ reference: `Condition/cond-${p}` }], agent: [{ who: { reference: 'Practitioner/dr1' } }] },
      },
    ]
  })
}

export function versionsOf(practice: string, records: readonly Resource[]): PastVersion[] {
  const earlier = earlierOf(records)
  const changed = new Set(earlier.map(nameOf))
  const newest = new Map(records.map((resource) => [nameOf(resource), resource]))
  const version = (resource: Resource, number: number, more: { isPast?: boolean; isDeletion?: boolean } = {}) => ({
    ...{ name: nameOf(resource), version: number, resource, isPast: false, isDeletion: false },
    ...more,
  })
  return [
    ...earlier.map((resource) => version(alsoLabelled(resource, newest.get(nameOf(resource))), 1, { isPast: true })),
    ...records.map((resource) => version(resource, changed.has(nameOf(resource)) ? 2 : 1)),
    ...deletedOf(practice).flatMap((resource) => [
      version(resource, 1, { isPast: true }),
      version(resource, 2, { isPast: true, isDeletion: true }),
    ]),
  ]
}
