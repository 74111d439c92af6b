import type { Principal } from './decision.ts'

/** Whether the signed-in person works here, or is a patient or guardian; undefined: nobody that we can tell. */
export function sideOf(principal: Principal): 'practice' | 'patients' | undefined {
  if (principal.user === undefined) return undefined
  const [type = ''] = principal.user.split('/')
  if (['Patient', 'RelatedPerson', 'Person'].includes(type)) return 'patients'
  if (principal.role === 'patient' || principal.role === 'guardian') return 'patients'
  return type === 'Practitioner' || type === 'PractitionerRole' ? 'practice' : undefined
}

/** The patients to whom a patient or guardian is linked. */
export function linkedPatients(principal: Principal): readonly string[] {
  if (principal.patients.length > 0) return principal.patients
  const [type, id] = principal.user?.split('/') ?? []
  return type === 'Patient' && id ? [id] : []
}
