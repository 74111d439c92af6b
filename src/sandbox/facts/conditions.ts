import { type Concept, systems } from '../coding.ts'
import type { MedicationName } from './medications.ts'

export interface ConditionFact {
  readonly code: Concept
  readonly fromAge: number
  readonly toAge: number
  readonly sex?: 'female' | 'male'
  /** How many in a hundred people of that age have it, or have it when they come in sick. */
  readonly percent: number
  readonly medications: readonly MedicationName[]
  readonly bodySite?: Concept
}

type Row = readonly [
  snomed: string,
  name: string,
  icd10: string,
  icd10Name: string,
  fromAge: number,
  toAge: number,
  percent: number,
  medications?: readonly MedicationName[],
  sex?: 'female' | 'male',
]

function fact([snomed, name, icd10, icd10Name, fromAge, toAge, percent, medications = [], sex]: Row): ConditionFact {
  const code: Concept = {
    coding: [
      { system: systems.snomed, code: snomed, display: name },
      { system: systems.icd10, code: icd10, display: icd10Name },
    ],
    text: name.replace(/ \((disorder|finding)\)$/, ''),
  }
  return { code, fromAge, toAge, percent, medications, ...(sex ? { sex } : {}) }
}

// biome-ignore format: one condition a line
export const chronicConditions: readonly ConditionFact[] = ([
  ['59621000', 'Essential hypertension (disorder)', 'I10', 'Essential (primary) hypertension', 35, 110, 38, ['amlodipine', 'hydrochlorothiazide']],
  ['44054006', 'Diabetes mellitus type 2 (disorder)', 'E11.9', 'Type 2 diabetes mellitus without complications', 40, 110, 16, ['metformin']],
  ['55822004', 'Hyperlipidemia (disorder)', 'E78.5', 'Hyperlipidemia, unspecified', 38, 110, 32, ['simvastatin']],
  ['195967001', 'Asthma (disorder)', 'J45.909', 'Unspecified asthma, uncomplicated', 4, 60, 9, ['albuterol', 'fluticasone']],
  ['40930008', 'Hypothyroidism (disorder)', 'E03.9', 'Hypothyroidism, unspecified', 30, 110, 7, ['levothyroxine']],
  ['35489007', 'Depressive disorder (disorder)', 'F32.A', 'Depression, unspecified', 16, 90, 10, ['sertraline']],
  ['13645005', 'Chronic obstructive lung disease (disorder)', 'J44.9', 'Chronic obstructive pulmonary disease, unspecified', 50, 110, 8, ['albuterol']],
  ['53741008', 'Coronary arteriosclerosis (disorder)', 'I25.10', 'Atherosclerotic heart disease of native coronary artery without angina pectoris', 55, 110, 14, ['aspirin', 'clopidogrel']],
  ['84114007', 'Heart failure (disorder)', 'I50.9', 'Heart failure, unspecified', 65, 110, 9, ['furosemide']],
  ['433144002', 'Chronic kidney disease stage 3 (disorder)', 'N18.30', 'Chronic kidney disease, stage 3 unspecified', 60, 110, 10],
  ['396275006', 'Osteoarthritis (disorder)', 'M19.90', 'Unspecified osteoarthritis, unspecified site', 50, 110, 20, ['naproxen']],
  ['64859006', 'Osteoporosis (disorder)', 'M81.0', 'Age-related osteoporosis without current pathological fracture', 60, 110, 18, ['alendronate'], 'female'],
  ['37796009', 'Migraine (disorder)', 'G43.909', 'Migraine, unspecified, not intractable, without status migrainosus', 15, 60, 9, ['naproxen']],
  ['235595009', 'Gastroesophageal reflux disease (disorder)', 'K21.9', 'Gastro-esophageal reflux disease without esophagitis', 25, 110, 14, ['omeprazole']],
  ['49436004', 'Atrial fibrillation (disorder)', 'I48.91', 'Unspecified atrial fibrillation', 65, 110, 8, ['warfarin', 'digoxin']],
  ['24079001', 'Atopic dermatitis (disorder)', 'L20.9', 'Atopic dermatitis, unspecified', 0, 25, 9, ['hydrocortisone']],
  ['406506008', 'Attention deficit hyperactivity disorder (disorder)', 'F90.9', 'Attention-deficit hyperactivity disorder, unspecified type', 6, 25, 8, ['methylphenidate']],
  ['162864005', 'Body mass index 30+ - obesity (finding)', 'E66.9', 'Obesity, unspecified', 20, 90, 28],
] as const satisfies readonly Row[]).map(fact)

// biome-ignore format: one condition a line
export const acuteConditions: readonly ConditionFact[] = ([
  ['54150009', 'Upper respiratory infection (disorder)', 'J06.9', 'Acute upper respiratory infection, unspecified', 0, 110, 30, ['acetaminophen']],
  ['10509002', 'Acute bronchitis (disorder)', 'J20.9', 'Acute bronchitis, unspecified', 5, 110, 16, ['acetaminophen']],
  ['444814009', 'Viral sinusitis (disorder)', 'J01.90', 'Acute sinusitis, unspecified', 8, 110, 18, ['loratadine']],
  ['3110003', 'Acute otitis media (disorder)', 'H66.90', 'Otitis media, unspecified, unspecified ear', 0, 8, 34, ['amoxicillin']],
  ['43878008', 'Streptococcal sore throat (disorder)', 'J02.0', 'Streptococcal pharyngitis', 4, 30, 16, ['penicillinV']],
  ['44465007', 'Sprain of ankle (disorder)', 'S93.409A', 'Sprain of unspecified ligament of unspecified ankle, initial encounter', 10, 70, 12, ['ibuprofen']],
  ['68566005', 'Urinary tract infectious disease (disorder)', 'N39.0', 'Urinary tract infection, site not specified', 18, 110, 14, ['nitrofurantoin'], 'female'],
  ['279039007', 'Low back pain (finding)', 'M54.50', 'Low back pain, unspecified', 20, 90, 18, ['naproxen']],
] as const satisfies readonly Row[]).map(fact)

/** What brings people into hospital. */
// biome-ignore format: one condition a line
export const hospitalConditions: readonly ConditionFact[] = ([
  ['233604007', 'Pneumonia (disorder)', 'J18.9', 'Pneumonia, unspecified organism', 0, 110, 40, ['amoxicillin']],
  ['22298006', 'Myocardial infarction (disorder)', 'I21.9', 'Acute myocardial infarction, unspecified', 50, 110, 30, ['aspirin', 'nitroglycerin']],
  ['74400008', 'Appendicitis (disorder)', 'K37', 'Unspecified appendicitis', 8, 60, 20, ['acetaminophen']],
] as const satisfies readonly Row[]).map(fact)

/** Findings of screenings: health concerns, each with the category of US Core that it belongs to. */
export interface Concern {
  readonly fact: ConditionFact
  readonly category: 'sdoh' | 'functional-status' | 'disability-status' | 'cognitive-status'
}
// biome-ignore format: one concern a line
export const concerns: readonly Concern[] = [
  { category: 'sdoh', fact: fact(['73438004', 'Unemployed (finding)', 'Z56.0', 'Unemployment, unspecified', 18, 67, 12]) },
  { category: 'sdoh', fact: fact(['423315002', 'Limited social contact (finding)', 'Z60.2', 'Problems related to living alone', 18, 110, 12]) },
  { category: 'functional-status', fact: fact(['228158008', 'Walking disability (finding)', 'R26.2', 'Difficulty in walking, not elsewhere classified', 55, 110, 10]) },
  { category: 'disability-status', fact: fact(['15188001', 'Hearing loss (disorder)', 'H91.90', 'Unspecified hearing loss, unspecified ear', 50, 110, 14]) },
  { category: 'cognitive-status', fact: fact(['386807006', 'Memory impairment (finding)', 'R41.3', 'Other amnesia', 60, 110, 10]) },
]

export const pregnancy = fact([
  '72892002',
  'Normal pregnancy (finding)',
  'Z34.90',
  'Encounter for supervision of normal pregnancy, unspecified, unspecified trimester',
  18,
  42,
  0,
  [],
  'female',
])
