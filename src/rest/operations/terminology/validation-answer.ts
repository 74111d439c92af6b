import type { Answer } from '#http'

export interface Validation {
  readonly result: boolean
  readonly message?: string
  readonly display?: string | undefined
}

/** https://hl7.org/fhir/R4/valueset-operation-validate-code.html */
export function validationAnswer({ result, message, display }: Validation): Answer {
  const parameter = [
    { name: 'result', valueBoolean: result },
    ...(message === undefined ? [] : [{ name: 'message', valueString: message }]),
    ...(display === undefined ? [] : [{ name: 'display', valueString: display }]),
  ]
  return { body: JSON.stringify({ resourceType: 'Parameters', parameter }) }
}
