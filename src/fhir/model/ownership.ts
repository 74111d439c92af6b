import { type Ownership, ownershipTable } from './ownership-table.ts'
import { isId, parseReference } from './references.ts'

/**
 * What `patientOf` answers for a row that is shared without a patient (Device), yet names somebody who can't be told, such
 * as a patient elsewhere: no Patient has this id, so the row is nobody's rather than everybody's.
 */
export const unknownPatient = 'Patient/?'

/** Whose resources of this type are; undefined for what is no type of R4. */
export function ownershipOf(type: string): Ownership | undefined {
  return Object.hasOwn(ownershipTable, type) ? ownershipTable[type] : undefined
}

/**
 * The patient who owns a resource, as `Patient/x` without base and version; undefined when it is nobody's. `bases` are the
 * URLs that are this practice's own. Groups, contained patients and references by identifier own nothing.
 */
export function patientOf(resource: object, bases: readonly string[] = []): string | undefined {
  const { resourceType, id } = resource as { resourceType?: unknown; id?: unknown }
  const ownership = typeof resourceType === 'string' ? ownershipOf(resourceType) : undefined
  if (ownership?.class === 'patient') return isId(id) ? `Patient/${id}` : undefined
  if (ownership?.class !== 'owned') return undefined
  if (ownership.isMany) return onlyPatient(valuesAt(resource, ownership.path), bases)
  const value = (resource as Readonly<Record<string, unknown>>)[ownership.path[0] ?? '']
  if (ownership.orElse === 'shared' && value !== undefined) return patientIn(value, bases) ?? unknownPatient
  return patientIn(value, bases)
}

/** Reference parameters of a type that ask for nothing but the owner, so that they can be answered from `patientOf`. */
export function ownerSearchParameters(type: string): readonly string[] {
  const ownership = ownershipOf(type)
  return ownership?.class === 'owned' ? ownership.parameters : []
}

function patientIn(value: unknown, bases: readonly string[]): string | undefined {
  const reference = (value as { reference?: unknown } | null | undefined)?.reference
  if (typeof reference !== 'string') return undefined
  const parsed = parseReference(reference, bases)
  return parsed.kind === 'relative' && parsed.type === 'Patient' ? `Patient/${parsed.id}` : undefined
}

/** The patient whom all references to patients mean; undefined when there are several. */
function onlyPatient(values: readonly unknown[], bases: readonly string[]): string | undefined {
  const patients = new Set(values.map((value) => patientIn(value, bases)).filter((patient) => patient !== undefined))
  return patients.size === 1 ? [...patients][0] : undefined
}

function valuesAt(resource: unknown, path: readonly string[]): readonly unknown[] {
  let values = [resource]
  for (const element of path) {
    values = values.flatMap((value) => (value as Readonly<Record<string, unknown>> | null | undefined)?.[element])
  }
  return values
}
