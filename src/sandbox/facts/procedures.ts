import { type Concept, snomed } from '../coding.ts'
import type { VisitKind } from '../life/visits.ts'

export interface ProcedureFact {
  readonly code: Concept
  readonly reason: Concept
  readonly kinds: readonly VisitKind[]
  readonly fromAge: number
  readonly toAge: number
  readonly sex?: 'female' | 'male'
  readonly percent: number
  /** Code of the condition without which it is not done. */
  readonly treats?: string
  /** Takes long enough that its end is written down too. */
  readonly isLong?: boolean
}

const checkUp = snomed('225885004', 'Health assessment (procedure)')

// biome-ignore format: one procedure a line
export const procedures: readonly ProcedureFact[] = [
  { code: snomed('430193006', 'Medication Reconciliation (procedure)'), reason: checkUp, kinds: ['follow-up'], fromAge: 18, toAge: 110, percent: 70 },
  { code: snomed('711013002', 'Assessment of tobacco use (procedure)'), reason: checkUp, kinds: ['wellness'], fromAge: 15, toAge: 110, percent: 25 },
  { code: snomed('710075007', 'Screening for child development (procedure)'), reason: checkUp, kinds: ['wellness'], fromAge: 0, toAge: 6, percent: 50 },
  { code: snomed('24623002', 'Screening mammography (procedure)'), reason: checkUp, kinds: ['wellness'], fromAge: 50, toAge: 75, sex: 'female', percent: 35 },
  { code: snomed('73761001', 'Colonoscopy (procedure)'), reason: snomed('268548003', 'Screening for malignant neoplasm of large intestine (procedure)'), kinds: ['wellness'], fromAge: 50, toAge: 75, percent: 12, isLong: true },
  { code: snomed('23426006', 'Measurement of respiratory function (procedure)'), reason: snomed('49727002', 'Cough (finding)'), kinds: ['acute', 'emergency'], fromAge: 6, toAge: 110, percent: 25 },
  { code: snomed('6025007', 'Laparoscopic appendectomy (procedure)'), reason: snomed('74400008', 'Appendicitis (disorder)'), kinds: ['inpatient'], fromAge: 8, toAge: 60, percent: 100, treats: '74400008', isLong: true },
  { code: snomed('36969009', 'Placement of stent in coronary artery (procedure)'), reason: snomed('22298006', 'Myocardial infarction (disorder)'), kinds: ['inpatient'], fromAge: 45, toAge: 110, percent: 100, treats: '22298006', isLong: true },
  { code: snomed('40701008', 'Echocardiography (procedure)'), reason: snomed('271825005', 'Respiratory distress (finding)'), kinds: ['inpatient'], fromAge: 40, toAge: 110, percent: 60, isLong: true },
]

export interface Referral {
  readonly code: Concept
  readonly category: 'sdoh' | 'functional-status' | 'disability-status' | 'cognitive-status'
  readonly snomedCategory: Concept
}

const social = snomed('410606002', 'Social service procedure (procedure)')
const evaluation = snomed('386053000', 'Evaluation procedure (procedure)')

// biome-ignore format: one referral a line
export const referrals: readonly Referral[] = [
  { code: snomed('710824005', 'Assessment of health and social care needs (procedure)'), category: 'sdoh', snomedCategory: social },
  { code: snomed('710076008', 'Screening for hearing loss (procedure)'), category: 'disability-status', snomedCategory: evaluation },
]
