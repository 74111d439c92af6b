import type { Principal } from './decision.ts'
import { sideOf } from './person.ts'
import type { HiddenFrom, PracticeRules, SensitiveLabel } from './practice-rules.ts'
import type { Level } from './scopes.ts'

const adultFromAge = 18

/** Labels that hide a row from this principal; `patient` is whose the row is, where that is known. */
export function hiddenLabels(
  principal: Principal,
  level: Level,
  practice: PracticeRules,
  patient?: string,
): readonly string[] {
  const audiences = audiencesOf(principal, level, patient)
  if (practice.isExport) audiences.push('exports')
  const hides = (label: SensitiveLabel) =>
    audiences.some((audience) => label.hiddenFrom.includes(audience) && appliesAt(audience, label, practice, patient))
  return practice.sensitive.filter(hides).map(({ label }) => label)
}

/** Whom the practice's rules take this principal for: a patient in person for none of them. */
function audiencesOf(principal: Principal, level: Level, patient: string | undefined): HiddenFrom[] {
  if (level === 'system') return ['system-apps']
  if (sideOf(principal) === 'practice') return ['provider-apps']
  if (sideOf(principal) === 'patients') {
    const isInPerson = patient !== undefined && principal.user === `Patient/${patient}`
    return isInPerson ? [] : ['guardians-of-minors']
  }
  // a patient's context without a person: whoever it is, it is not known to be the patient
  return ['guardians-of-minors', 'provider-apps', 'system-apps']
}

function appliesAt(audience: HiddenFrom, label: SensitiveLabel, practice: PracticeRules, patient?: string): boolean {
  const age = patient === undefined ? undefined : practice.ages?.get(patient)
  if (audience !== 'guardians-of-minors' || age === undefined) return true
  return age >= (label.fromAge ?? 0) && age < adultFromAge
}
