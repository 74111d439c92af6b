import { memberOf } from '#fhir'
import { operation } from './operation.ts'
import { type AskedCoding, askedCodings, called, isSameDisplay } from './terminology/asked-codings.ts'
import { type AskedValueSet, askedValueSet } from './terminology/asked-value-set.ts'
import { notResolved } from './terminology/not-resolved.ts'
import { storedDefinitionsAt } from './terminology/stored-definitions-at.ts'
import { type Validation, validationAnswer } from './terminology/validation-answer.ts'

const optional = { min: 0, max: 1 } as const

/** https://hl7.org/fhir/R4/valueset-operation-validate-code.html */
export const valueSetValidateCode = operation({
  code: 'validate-code',
  definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code',
  documentation:
    'Whether a code is in a value set that is loaded, stored at the practice or posted. A CodeableConcept is when one of its ' +
    'codings is. A display that is not the one of the code makes the result false. Where the answer needs a code system ' +
    'that is not here, it is 422 with its name.',
  on: ['type', 'instance'],
  resources: ['ValueSet'],
  affectsState: false,
  parameters: {
    url: { ...optional, type: 'uri', documentation: 'Canonical URL of the value set, also with |version' },
    valueSet: { ...optional, type: 'ValueSet', documentation: 'The value set itself, in place of its URL' },
    valueSetVersion: {
      ...optional,
      type: 'string',
      documentation: 'The version of the value set; the newest unless given',
    },
    code: {
      ...optional,
      type: 'code',
      documentation: 'The code; without its system the first of these letters is meant',
    },
    system: { ...optional, type: 'uri', documentation: 'The code system of the code' },
    display: { ...optional, type: 'string', documentation: 'Checked against the display of the code' },
    coding: { ...optional, type: 'Coding', documentation: 'The code with its system, in place of code and system' },
    codeableConcept: {
      ...optional,
      type: 'CodeableConcept',
      documentation: 'Several codings, of which one has to be in',
    },
    displayLanguage: {
      ...optional,
      type: 'code',
      documentation: 'Taken; displays are in the language of the definition',
    },
  },
  out: {
    result: { type: 'boolean', min: 1, max: 1, documentation: 'Whether it is in' },
    message: { type: 'string', min: 0, max: 1, documentation: 'Why it is not' },
    display: { type: 'string', min: 0, max: 1, documentation: 'The display of the code' },
  },
  examples: [
    'GET ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/administrative-gender&system=http://hl7.org/fhir/administrative-gender&code=female',
    'POST ValueSet/$validate-code',
  ],
  async run(options, call, given) {
    const codings = askedCodings(given)
    const asked = await askedValueSet(call, given, await storedDefinitionsAt(options, call))
    return validationAnswer(validated(asked, codings))
  },
})

function validated({ rule, terminology, called: set }: AskedValueSet, codings: readonly AskedCoding[]): Validation {
  const looked = codings.map((coding) => ({ coding, found: memberOf(rule, coding, terminology) }))
  for (const { coding, found } of looked) {
    if (found.state !== 'in') continue
    const { system, code } = found.code
    const known = [found.code.display, terminology.displayOf(system, code)].filter((display) => display !== undefined)
    return displayChecked(coding, known)
  }
  for (const { coding, found } of looked) {
    if (found.state !== 'unknown') continue
    throw notResolved(`Cannot tell whether ${called(coding)} is in the value set ${set}`, found.missing)
  }
  return { result: false, message: `${codings.map(called).join(', ')} is not in the value set ${set}` }
}

function displayChecked(coding: AskedCoding, known: readonly string[]): Validation {
  const [display] = known
  const { display: asked } = coding
  if (asked === undefined || known.length === 0 || known.some((one) => isSameDisplay(one, asked))) {
    return { result: true, display }
  }
  return {
    result: false,
    message: `The display "${asked}" is not that of ${called(coding)}: it is "${display}"`,
    display,
  }
}
