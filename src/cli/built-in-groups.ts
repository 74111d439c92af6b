import { type BuiltInGroup, dialects } from '#dialects'
import { ageCharacteristic } from '#fhir'
import type { PracticeRecord } from '#platform'
import type { WriteOperation } from '#store'
import type { Installation } from '../app.ts'

/** Stores the groups that each practice of its dialect has, as any other Group; what is there already stays as it is. */
export async function ensureBuiltInGroups(
  { storeOf }: Pick<Installation, 'storeOf'>,
  practices: readonly PracticeRecord[],
): Promise<void> {
  for (const practice of practices) {
    await storeOf(practice).write(dialects[practice.settings.dialect].builtInGroups.map(putting))
  }
}

function putting({ id, name, low, high }: BuiltInGroup): WriteOperation {
  const ages = { ...(low !== undefined && { low }), ...(high !== undefined && { high }) }
  const about = { name, active: true, type: 'person', actual: false, characteristic: [ageCharacteristic(ages)] }
  const resource = { resourceType: 'Group', id, ...about }
  return { kind: 'put', type: 'Group', id, text: JSON.stringify(resource), resource }
}
