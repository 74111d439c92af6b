import { type Concept, concept, systems } from '../coding.ts'

/** When a dose is due: months of age, and the code of CVX. */
export interface Dose {
  readonly months: number
  readonly vaccine: Concept
}

const cvx = (code: string, display: string) => concept(systems.cvx, code, display)

// biome-ignore format: one vaccine a line
export const vaccines = {
  hepatitisB: cvx('08', 'Hep B, adolescent or pediatric'),
  rotavirus: cvx('119', 'rotavirus, monovalent'),
  dtap: cvx('20', 'DTaP'),
  hib: cvx('49', 'Hib (PRP-OMP)'),
  pneumococcal: cvx('133', 'Pneumococcal conjugate PCV 13'),
  polio: cvx('10', 'IPV'),
  mmr: cvx('03', 'MMR'),
  varicella: cvx('21', 'varicella'),
  hepatitisA: cvx('83', 'Hep A, ped/adol, 2 dose'),
  tdap: cvx('115', 'Tdap'),
  hpv: cvx('165', 'Human Papillomavirus 9-valent vaccine'),
  meningococcal: cvx('114', 'meningococcal MCV4P'),
  influenza: cvx('140', 'Influenza, seasonal, injectable, preservative free'),
  td: cvx('113', 'Td (adult) preservative free'),
  zoster: cvx('187', 'zoster vaccine recombinant'),
  pneumococcal23: cvx('33', 'pneumococcal polysaccharide vaccine, 23 valent'),
} as const

const due = (vaccine: Concept, ...months: number[]): readonly Dose[] =>
  months.map((month) => ({ months: month, vaccine }))

/** The schedule of childhood and the first doses of age. */
export const schedule: readonly Dose[] = [
  ...due(vaccines.hepatitisB, 0, 1, 6),
  ...due(vaccines.rotavirus, 2, 4),
  ...due(vaccines.dtap, 2, 4, 6, 15, 48),
  ...due(vaccines.hib, 2, 4, 12),
  ...due(vaccines.pneumococcal, 2, 4, 6, 12),
  ...due(vaccines.polio, 2, 4, 6, 48),
  ...due(vaccines.mmr, 12, 48),
  ...due(vaccines.varicella, 12, 48),
  ...due(vaccines.hepatitisA, 12, 18),
  ...due(vaccines.tdap, 132),
  ...due(vaccines.hpv, 132, 138),
  ...due(vaccines.meningococcal, 132, 192),
  ...due(vaccines.td, 252, 372, 492, 612, 732),
  ...due(vaccines.zoster, 600, 603),
  ...due(vaccines.pneumococcal23, 780),
].toSorted((one, other) => one.months - other.months)
