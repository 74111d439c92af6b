import type { Principal } from '#access'
import type { Practice } from '#http'
import type { EncounterCard } from '../screens/encounter-picker.ts'
import type { PatientCard, PatientQuery } from '../screens/patient-picker.ts'

/** Who looks, as the access decision asks. */
export type Reader = Pick<Principal, 'user' | 'role' | 'patients'>

/** What the pages of a launch look up of records: each person sees there what they see anywhere. */
export interface Charts {
  findPatients(
    practice: Practice,
    reader: Reader,
    query: PatientQuery,
  ): Promise<{ readonly found: readonly PatientCard[]; readonly hasMore: boolean }>
  /** Undefined: there is none, or the reader may not see it. */
  patient(practice: Practice, reader: Reader, id: string): Promise<PatientCard | undefined>
  /** Whether the visit is the patient's, and one that the reader may see. */
  isVisitOf(
    practice: Practice,
    reader: Reader,
    visit: { readonly encounter: string; readonly patient: string },
  ): Promise<boolean>
  /** Newest first. */
  encounters(practice: Practice, reader: Reader, patient: string): Promise<readonly EncounterCard[]>
}
