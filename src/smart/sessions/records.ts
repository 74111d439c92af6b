import type { Practice } from '#http'
import type { EncounterCard } from '../screens/encounter-picker.ts'
import type { PatientCard, PatientQuery } from '../screens/patient-picker.ts'
import type { Person } from './session.ts'

/** Whose eyes see: a person, whether or not they have an account here. */
export type Viewer = Pick<Person, 'role' | 'fhirUser'> & { readonly patients: readonly { readonly id: string }[] }

export type PatientFacts = Omit<PatientCard, 'kind'>

/** What the pickers show of a practice's records; `app.ts` passes the store's. */
export interface Records {
  /** In any order; those that are not there are left out. Nobody's rights are asked: the practice linked them. */
  patientsOf(practice: Practice, ids: readonly string[]): Promise<readonly PatientFacts[]>
  /** Patients that the viewer may see, by any of the facts; at least one is given. */
  findPatients(
    practice: Practice,
    viewer: Viewer,
    query: PatientQuery,
  ): Promise<{ readonly found: readonly PatientFacts[]; readonly hasMore: boolean }>
  /** Visits of a patient that the viewer may see, the newest first. */
  encountersOf(practice: Practice, viewer: Viewer, patient: string): Promise<readonly EncounterCard[]>
}
