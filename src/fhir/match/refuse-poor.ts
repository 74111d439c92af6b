import { Problem } from '#lib'
import type { PatientFacts } from './patient-facts.ts'

/** What is too little to tell people apart would only list patients. */
export function refusePoor({ names, birthDate, identifiers, phones, emails, addresses }: PatientFacts): void {
  if (identifiers.length > 0) return
  const isNamed = names.some(({ family, given }) => family !== '' || given.length > 0)
  const others = phones.length + emails.length + addresses.filter(({ line }) => line !== '').length
  if (isNamed && (birthDate !== undefined || others > 0)) return
  throw new Problem(
    'incorrect',
    'Cannot match by so little: the Patient wants an identifier with its system, or a name together with a birth date, phone number, e-mail address or street',
    { expression: 'Patient', issue: 'required' },
  )
}
