import type { Principal } from './decision.ts'
import type { PracticeRules } from './practice-rules.ts'

/** For tests: a practice that permits what it can. */
export const practice: PracticeRules = {
  visibility: 'practice',
  sensitive: [],
  writes: true,
  patientWrites: true,
}

/** For tests: who holds tokens, each with the scopes that a test gives. */
export const principals = {
  patientContext: (scopes: string): Principal => ({ ...base, patients: ['1'], scopes }),
  patient: (scopes: string): Principal => ({ ...base, user: 'Patient/1', role: 'patient', patients: ['1'], scopes }),
  guardian: (scopes: string): Principal => ({
    ...base,
    user: 'RelatedPerson/7',
    role: 'guardian',
    patients: ['1', '2'],
    scopes,
  }),
  clinician: (scopes: string): Principal => ({ ...base, user: 'Practitioner/9', role: 'clinician', scopes }),
  auditor: (scopes: string): Principal => ({ ...base, user: 'Practitioner/8', role: 'auditor', scopes }),
  operator: (scopes: string): Principal => ({ ...base, client: 'operator', scopes }),
  backend: (scopes: string): Principal => ({ ...base, scopes }),
}

const base = { practice: 1, client: 'app', patients: [], requestId: 'r' }
