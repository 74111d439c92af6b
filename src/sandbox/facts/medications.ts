import { type Concept, concept, type Quantity, quantity, snomed, systems } from '../coding.ts'

export interface MedicationFact {
  readonly id: string
  readonly code: Concept
  readonly dose: Quantity
  readonly timesADay: number
  readonly asNeeded: boolean
  readonly route: Concept
  readonly instruction: string
  readonly packSize: Quantity
  readonly refills: number
}

const routes = {
  oral: snomed('26643006', 'Oral route (qualifier value)', 'Oral'),
  inhaled: snomed('447694001', 'Respiratory tract route (qualifier value)', 'Inhaled'),
  skin: snomed('6064005', 'Topical route (qualifier value)', 'Topical'),
}

const forms = {
  tablet: ['{tbl}', 'tablet', routes.oral],
  capsule: ['{capsule}', 'capsule', routes.oral],
  puff: ['{puff}', 'puff', routes.inhaled],
  millilitre: ['mL', 'mL', routes.oral],
  spray: ['{spray}', 'spray', routes.oral],
  gram: ['g', 'g', routes.skin],
} as const

const often = ['', 'once daily', 'twice daily', 'three times daily', 'four times daily']

function fact(
  rxnorm: string,
  name: string,
  form: keyof typeof forms,
  amount: number,
  timesADay: number,
  days: number,
  refills: number,
): MedicationFact {
  const [ucum, unit, route] = forms[form]
  const asNeeded = refills === 0 && timesADay > 2
  const when = `${often[timesADay]}${asNeeded ? ' as needed' : ''}`
  return {
    id: `medication-${rxnorm}`,
    code: concept(systems.rxnorm, rxnorm, name),
    dose: quantity(amount, unit, ucum),
    timesADay,
    asNeeded,
    route,
    instruction: `${amount} ${unit}${amount > 1 && unit.length > 2 ? 's' : ''} ${when}`,
    packSize: quantity(amount * timesADay * days, unit, ucum),
    refills,
  }
}

// biome-ignore format: one medication a line
export const medications = {
  amlodipine: fact('197361', 'Amlodipine 5 MG Oral Tablet', 'tablet', 1, 1, 90, 3),
  hydrochlorothiazide: fact('310798', 'Hydrochlorothiazide 25 MG Oral Tablet', 'tablet', 1, 1, 90, 3),
  metformin: fact('860975', '24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet', 'tablet', 1, 2, 90, 3),
  simvastatin: fact('312961', 'Simvastatin 20 MG Oral Tablet', 'tablet', 1, 1, 90, 3),
  albuterol: fact('2123111', 'NDA020503 200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler', 'puff', 2, 4, 25, 2),
  fluticasone: fact('895994', '120 ACTUAT Fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler', 'puff', 2, 2, 30, 5),
  levothyroxine: fact('966222', 'Levothyroxine Sodium 0.075 MG Oral Tablet', 'tablet', 1, 1, 90, 3),
  sertraline: fact('312940', 'sertraline 25 MG Oral Tablet', 'tablet', 1, 1, 30, 5),
  aspirin: fact('243670', 'Aspirin 81 MG Oral Tablet', 'tablet', 1, 1, 90, 3),
  clopidogrel: fact('309362', 'Clopidogrel 75 MG Oral Tablet', 'tablet', 1, 1, 90, 3),
  furosemide: fact('313988', 'Furosemide 40 MG Oral Tablet', 'tablet', 1, 1, 90, 3),
  naproxen: fact('198014', 'Naproxen 500 MG Oral Tablet', 'tablet', 1, 2, 14, 0),
  alendronate: fact('904419', 'Alendronic acid 10 MG Oral Tablet', 'tablet', 1, 1, 90, 3),
  omeprazole: fact('198051', 'Omeprazole 20 MG Delayed Release Oral Capsule', 'capsule', 1, 1, 30, 3),
  warfarin: fact('855332', 'Warfarin Sodium 5 MG Oral Tablet', 'tablet', 1, 1, 90, 3),
  digoxin: fact('197604', 'Digoxin 0.125 MG Oral Tablet', 'tablet', 1, 1, 90, 3),
  hydrocortisone: fact('106258', 'Hydrocortisone 10 MG/ML Topical Cream', 'gram', 1, 2, 14, 1),
  methylphenidate: fact('1091392', 'Methylphenidate Hydrochloride 20 MG Oral Tablet', 'tablet', 1, 2, 30, 0),
  acetaminophenChewable: fact('313820', 'Acetaminophen 160 MG Chewable Tablet', 'tablet', 1, 4, 5, 0),
  acetaminophen: fact('313782', 'Acetaminophen 325 MG Oral Tablet', 'tablet', 2, 4, 5, 0),
  loratadine: fact('665078', 'Loratadine 5 MG Chewable Tablet', 'tablet', 1, 1, 30, 1),
  amoxicillin: fact('308182', 'Amoxicillin 250 MG Oral Capsule', 'capsule', 1, 3, 10, 0),
  penicillinV: fact('834061', 'Penicillin V Potassium 250 MG Oral Tablet', 'tablet', 1, 3, 10, 0),
  ibuprofen: fact('310965', 'Ibuprofen 200 MG Oral Tablet', 'tablet', 2, 3, 7, 0),
  nitrofurantoin: fact('311989', 'Nitrofurantoin 5 MG/ML Oral Suspension', 'millilitre', 10, 4, 7, 0),
  nitroglycerin: fact('705129', 'Nitroglycerin 0.4 MG/ACTUAT Mucosal Spray', 'spray', 1, 3, 30, 0),
} as const

export type MedicationName = keyof typeof medications

/** What is given instead to those who cannot swallow a tablet. */
export function medicationFor(name: MedicationName, age: number): MedicationFact {
  const isForGrown = name === 'acetaminophen' || (name === 'amoxicillin' && age < 6) || name === 'ibuprofen'
  return medications[age < 12 && isForGrown ? 'acetaminophenChewable' : name]
}
