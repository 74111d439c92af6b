import { resourceLine } from './chart.ts'
import { coverCast } from './life/index.ts'
import { sites } from './shared/sites.ts'
import type { UsCore } from './us-core.ts'

const member = (number: number) => ({ entity: { reference: `Patient/p${number}` } })

/** Who is exported together: the cover, as the certification kit's own group, and each clinic's panel of patients. */
export function* groupLines(version: UsCore, patients: number): Generator<string> {
  const cover = coverCast.slice(0, patients).map((_, i) => member(i + 1))
  yield groupLine(version, 'cohort-1a', 'Cover of US Core', cover)
  const listed = Math.min(patients, 2000)
  const everyone = Array.from({ length: listed }, (_, i) => member(i + 1))
  yield groupLine(version, 'cohort-all', 'Patients of the sandbox', everyone)
}

function groupLine(version: UsCore, id: string, name: string, members: readonly object[]) {
  return resourceLine(version, 'Group', id, [], {
    identifier: [{ system: 'urn:charthouse:sandbox:group', value: id }],
    active: true,
    type: 'person',
    actual: true,
    name,
    quantity: members.length,
    managingEntity: sites.adults[0].organization,
    member: members,
  })
}
