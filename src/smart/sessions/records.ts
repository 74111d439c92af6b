import type { Practice } from '#http'
import type { PatientCard } from '../screens/patient-picker.ts'

export type PatientFacts = Omit<PatientCard, 'kind'>

/** What sign-in asks of a practice's records; `app.ts` passes the store's. */
export interface Records {
  /** In any order; those that are not there are left out. Nobody's rights are asked: the practice linked them. */
  patientsOf(practice: Practice, ids: readonly string[]): Promise<readonly PatientFacts[]>
}
