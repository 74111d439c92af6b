/** The characteristics that `rule.ts` reads. */
const years = (value: number) => ({ value, unit: 'years', system: 'http://unitsofmeasure.org', code: 'a' })

/** From `low` up to, not including, `high`. */
export function ageCharacteristic({ low, high }: { readonly low?: number; readonly high?: number }): object {
  return {
    code: concept('http://loinc.org', '30525-0', 'Age'),
    valueRange: { ...(low !== undefined && { low: years(low) }), ...(high !== undefined && { high: years(high) }) },
    exclude: false,
  }
}

export function genderCharacteristic(gender: string): object {
  return {
    code: concept('http://loinc.org', '46098-0', 'Sex'),
    valueCodeableConcept: concept('http://hl7.org/fhir/administrative-gender', gender),
    exclude: false,
  }
}

export function conditionCharacteristic(system: string, code: string): object {
  return {
    code: concept('http://snomed.info/sct', '404684003', 'Clinical finding'),
    valueCodeableConcept: concept(system, code),
    exclude: false,
  }
}

function concept(system: string, code: string, display?: string): object {
  return { coding: [{ system, code, ...(display !== undefined && { display }) }] }
}
