import { Problem } from '#lib'
import { type OperationCall, operation } from './operation.ts'
import type { Structured } from './parameters/parameter.ts'
import { type AskedCodeSystem, askedCodeSystem, codeSystemOfResource } from './terminology/asked-code-system.ts'
import { type AskedCoding, askedCodings, isSameDisplay } from './terminology/asked-codings.ts'
import { type StoredDefinitions, storedDefinitionsAt } from './terminology/stored-definitions-at.ts'
import { type Validation, validationAnswer } from './terminology/validation-answer.ts'

const optional = { min: 0, max: 1 } as const

/** https://hl7.org/fhir/R4/codesystem-operation-validate-code.html */
export const codeSystemValidateCode = operation({
  code: 'validate-code',
  definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-validate-code',
  documentation:
    'Whether a code is one of a code system that is loaded with R4 and US Core, stored at the practice or posted. Of a ' +
    'CodeableConcept the coding of that system is looked at. A display that is not the one of the code makes the result false.',
  on: ['type', 'instance'],
  resources: ['CodeSystem'],
  affectsState: false,
  parameters: {
    url: { ...optional, type: 'uri', documentation: 'URL of the code system' },
    codeSystem: { ...optional, type: 'CodeSystem', documentation: 'The code system itself, in place of its URL' },
    code: { ...optional, type: 'code', documentation: 'The code' },
    version: { ...optional, type: 'string', documentation: 'The version of the code system; the newest unless given' },
    display: { ...optional, type: 'string', documentation: 'Checked against the display of the code' },
    coding: { ...optional, type: 'Coding', documentation: 'The code with its system, in place of code and url' },
    codeableConcept: {
      ...optional,
      type: 'CodeableConcept',
      documentation: 'Several codings, one of them of the system',
    },
    displayLanguage: {
      ...optional,
      type: 'code',
      documentation: 'Taken; displays are in the language of the definition',
    },
  },
  out: {
    result: { type: 'boolean', min: 1, max: 1, documentation: 'Whether it is one of its codes' },
    message: { type: 'string', min: 0, max: 1, documentation: 'Why it is not' },
    display: { type: 'string', min: 0, max: 1, documentation: 'The display of the code' },
  },
  examples: [
    'GET CodeSystem/$validate-code?url=http://hl7.org/fhir/administrative-gender&code=female',
    'POST CodeSystem/$validate-code',
  ],
  async run(options, call, given) {
    const codings = askedCodings({ ...given, system: given.url })
    const asked = await systemOf(call, given, codings, await storedDefinitionsAt(options, call))
    const [coding] = codings.filter(({ system }) => system === undefined || system === asked.url)
    if (coding) return validationAnswer(validated(asked, coding))
    return validationAnswer({ result: false, message: `None of the codings is of ${asked.url}` })
  },
})

interface Given {
  readonly url: string | undefined
  readonly codeSystem: Structured | undefined
  readonly version: string | undefined
}

/** The one of the path, the one that was posted, or the one of this URL, which a coding may tell, too. */
async function systemOf(
  { id }: OperationCall,
  { url, codeSystem, version }: Given,
  codings: readonly AskedCoding[],
  stored: StoredDefinitions,
): Promise<AskedCodeSystem> {
  if (id !== undefined) return codeSystemOfResource(await stored.byId('CodeSystem', id))
  if (codeSystem) return codeSystemOfResource(codeSystem.value)
  const known = url ?? codings.find(({ system }) => system !== undefined)?.system
  if (known !== undefined) return askedCodeSystem(known, version, stored)
  throw new Problem(
    'incorrect',
    'Cannot tell which code system is meant: give one of url, codeSystem, and an id in the path',
    {
      expression: ['url', 'codeSystem'],
    },
  )
}

function validated({ url, codes, resource }: AskedCodeSystem, { code, display: asked }: AskedCoding): Validation {
  if (!codes.has(code)) {
    const isPart = resource !== undefined && resource.content !== 'complete'
    const note = isPart ? `, as far as it is here (content ${resource.content})` : ''
    return { result: false, message: `"${code}" is not a code of ${url}${note}` }
  }
  const display = codes.display(code)
  if (asked === undefined || display === undefined || isSameDisplay(asked, display)) return { result: true, display }
  return { result: false, message: `The display "${asked}" is not that of "${code}": it is "${display}"`, display }
}
