/** A laboratory test that gives a number: LOINC code and name, short name, UCUM unit, the range of healthy adults, decimals. */
export type LaboratoryTest = readonly [
  code: string,
  name: string,
  short: string,
  unit: string,
  low: number,
  high: number,
  decimals: number,
]

// biome-ignore format: one test a line
export const chemistry: readonly LaboratoryTest[] = [
  ['2345-7', 'Glucose [Mass/volume] in Serum or Plasma', 'Glucose', 'mg/dL', 70, 99, 0],
  ['3094-0', 'Urea nitrogen [Mass/volume] in Serum or Plasma', 'Urea nitrogen', 'mg/dL', 7, 20, 0],
  ['2160-0', 'Creatinine [Mass/volume] in Serum or Plasma', 'Creatinine', 'mg/dL', 0.6, 1.2, 2],
  ['17861-6', 'Calcium [Mass/volume] in Serum or Plasma', 'Calcium', 'mg/dL', 8.6, 10.2, 1],
  ['2951-2', 'Sodium [Moles/volume] in Serum or Plasma', 'Sodium', 'mmol/L', 136, 145, 0],
  ['2823-3', 'Potassium [Moles/volume] in Serum or Plasma', 'Potassium', 'mmol/L', 3.5, 5.1, 1],
  ['2075-0', 'Chloride [Moles/volume] in Serum or Plasma', 'Chloride', 'mmol/L', 98, 107, 0],
  ['2028-9', 'Carbon dioxide, total [Moles/volume] in Serum or Plasma', 'Carbon dioxide', 'mmol/L', 22, 29, 0],
  ['2885-2', 'Protein [Mass/volume] in Serum or Plasma', 'Total protein', 'g/dL', 6.4, 8.3, 1],
  ['1751-7', 'Albumin [Mass/volume] in Serum or Plasma', 'Albumin', 'g/dL', 3.5, 5, 1],
  ['1975-2', 'Bilirubin.total [Mass/volume] in Serum or Plasma', 'Total bilirubin', 'mg/dL', 0.2, 1.2, 1],
  ['6768-6', 'Alkaline phosphatase [Enzymatic activity/volume] in Serum or Plasma', 'Alkaline phosphatase', 'U/L', 40, 129, 0],
  ['1742-6', 'Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma', 'ALT', 'U/L', 7, 45, 0],
  ['1920-8', 'Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma', 'AST', 'U/L', 8, 40, 0],
]

// biome-ignore format: one test a line
export const bloodCount: readonly LaboratoryTest[] = [
  ['6690-2', 'Leukocytes [#/volume] in Blood by Automated count', 'WBC', '10*3/uL', 4, 10.5, 1],
  ['789-8', 'Erythrocytes [#/volume] in Blood by Automated count', 'RBC', '10*6/uL', 4.1, 5.6, 2],
  ['718-7', 'Hemoglobin [Mass/volume] in Blood', 'Hemoglobin', 'g/dL', 12, 17, 1],
  ['4544-3', 'Hematocrit [Volume Fraction] of Blood by Automated count', 'Hematocrit', '%', 36, 50, 1],
  ['787-2', 'MCV [Entitic volume] by Automated count', 'MCV', 'fL', 80, 100, 1],
  ['785-6', 'MCH [Entitic mass] by Automated count', 'MCH', 'pg', 27, 33, 1],
  ['777-3', 'Platelets [#/volume] in Blood by Automated count', 'Platelets', '10*3/uL', 150, 400, 0],
]

// biome-ignore format: one test a line
export const lipids: readonly LaboratoryTest[] = [
  ['2093-3', 'Cholesterol [Mass/volume] in Serum or Plasma', 'Total cholesterol', 'mg/dL', 120, 199, 0],
  ['2571-8', 'Triglyceride [Mass/volume] in Serum or Plasma', 'Triglycerides', 'mg/dL', 40, 149, 0],
  ['2085-9', 'Cholesterol in HDL [Mass/volume] in Serum or Plasma', 'HDL cholesterol', 'mg/dL', 40, 80, 0],
  ['13457-7', 'Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation', 'LDL cholesterol', 'mg/dL', 50, 129, 0],
]

// biome-ignore format: one test a line
export const singleTests = {
  hemoglobinA1c: ['4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood', 'Hemoglobin A1c', '%', 4, 5.6, 1],
  thyrotropin: ['3016-3', 'Thyrotropin [Units/volume] in Serum or Plasma', 'TSH', 'm[IU]/L', 0.4, 4.2, 2],
  filtrationRate: ['33914-3', 'Glomerular filtration rate/1.73 sq M.predicted [Volume Rate/Area] in Serum or Plasma by Creatinine-based formula (MDRD)', 'eGFR', 'mL/min/{1.73_m2}', 60, 120, 0],
  microalbumin: ['14959-1', 'Microalbumin/Creatinine [Mass Ratio] in Urine', 'Microalbumin/creatinine', 'mg/g', 0, 30, 0],
  prostateAntigen: ['2857-1', 'Prostate specific Ag [Mass/volume] in Serum or Plasma', 'PSA', 'ng/mL', 0, 4, 2],
  ferritin: ['2276-4', 'Ferritin [Mass/volume] in Serum or Plasma', 'Ferritin', 'ng/mL', 15, 200, 0],
  lead: ['5671-3', 'Lead [Mass/volume] in Blood', 'Blood lead', 'ug/dL', 0, 3.5, 1],
  prothrombin: ['6301-6', 'INR in Platelet poor plasma by Coagulation assay', 'INR', '{INR}', 0.9, 1.1, 1],
} as const satisfies Record<string, LaboratoryTest>

/** A panel as it is ordered and reported. */
export interface Panel {
  readonly code: string
  readonly name: string
  readonly specimen: 'serum' | 'blood'
  readonly tests: readonly LaboratoryTest[]
}

export const panels = {
  metabolic: {
    code: '24323-8',
    name: 'Comprehensive metabolic 2000 panel - Serum or Plasma',
    specimen: 'serum',
    tests: chemistry,
  },
  lipid: { code: '57698-3', name: 'Lipid panel with direct LDL - Serum or Plasma', specimen: 'serum', tests: lipids },
  bloodCount: {
    code: '58410-2',
    name: 'CBC panel - Blood by Automated count',
    specimen: 'blood',
    tests: bloodCount,
  },
} as const satisfies Record<string, Panel>
