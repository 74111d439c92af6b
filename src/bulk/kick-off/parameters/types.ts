import { refusal } from '#access'
import { ownershipOf, resourceTypes } from '#fhir'
import type { ExportRequest } from '../../export.ts'
import { checkMayExport, mayExport } from '../../exporter.ts'
import { leniently, listOf, type Reading, unfit } from './reading.ts'

type Types = Pick<ExportRequest, 'types' | 'isTyped'>

/** `_type`, each of which the access allows; without it all that it allows. */
export function readTypes(reading: Reading): Types {
  const { exporter } = reading
  if (reading.entries.every(({ name }) => name !== '_type')) {
    const types = resourceTypes.filter((type) => isOfLevel(reading, type) && mayExport(exporter, type))
    if (types.length === 0) throw refusal(exporter.principal, 'read', 'Patient', exporter.rules)
    return { types, isTyped: false }
  }
  const types = listOf(reading, '_type').flatMap((name) => leniently(reading, () => typeNamed(reading, name)) ?? [])
  if (types.length === 0) throw unfit('_type', 'it names no type that can be exported here')
  // nobody is given less than was asked for without being told (A12); lenient handling does not change that
  for (const type of types) checkMayExport(exporter, type)
  return { types, isTyped: true }
}

function typeNamed(reading: Reading, name: string): string {
  const { practice, level } = reading
  if (!resourceTypes.includes(name)) {
    const meant = resourceTypes.find((type) => type.toLowerCase() === name.toLowerCase())
    throw unfit('_type', `"${name}" is not a resource type of FHIR R4${meant ? `; ${meant} is` : ''}`)
  }
  if (practice.types?.has(name) === false)
    throw unfit('_type', `${name} is not offered by this practice`, 'not-supported')
  if (ownershipOf(name)?.class === 'audit') throw unfit('_type', `${name} goes into no export`, 'not-supported')
  if (!isOfLevel(reading, name) && ownershipOf(name)?.class !== 'open') {
    const sentence = `${name} is no part of patients' records: export it at system level, by $export`
    throw unfit('_type', level === 'system' ? `${name} is not exported` : sentence, 'not-supported')
  }
  return name
}

/** Whether rows of the type go out at this level where nobody names it. */
function isOfLevel({ level }: Reading, type: string): boolean {
  const whose = ownershipOf(type)?.class
  if (level === 'system') return whose !== 'audit'
  if (type === 'Group') return level === 'group'
  return whose !== 'audit' && whose !== 'kept' && whose !== 'open'
}
