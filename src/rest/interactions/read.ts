import { type PracticeRules, type Principal, refusal, type See, seeAs } from '#access'
import { type Answer, type Call, type Practice, wantsContent } from '#http'
import { Problem } from '#lib'
import { servedContent } from '../binary/served-content.ts'
import type { Operation } from '../operations/operation.ts'
import { operationDefinition } from '../operations/operation-definition.ts'
import type { RestOptions } from '../options.ts'
import { idAt, onlyOffered, resourceTypeAt } from '../resource-type.ts'
import { shapeOf } from './elements.ts'

/** https://hl7.org/fhir/R4/http.html#read */
export function read({ storeOf, rulesOf }: RestOptions, operations: readonly Operation[]) {
  return async (call: Call): Promise<Answer> => {
    const { practice, principal, path, parameters } = call
    const type = resourceTypeAt(practice, path.type ?? '')
    const id = idAt(path.id ?? '')
    // Not awaited before the store is asked: token and row are looked up in one statement.
    const known = principal.then((who) => {
      const rules = rulesOf(practice, who)
      return rules instanceof Promise
        ? rules.then((later) => seeOf(practice, who, type, later))
        : seeOf(practice, who, type, rules)
    })
    const found = await storeOf(practice).read(known, type, id)
    if (found.state === 'none') return computed(call, { type, id, operations })
    if (found.state === 'deleted') throw new Problem('gone', `${type}/${id} was deleted`)
    if (type === 'Binary' && wantsContent(call)) return servedContent(found.row)
    const { body, version, updated } = found.row
    const shape = parameters.length > 0 ? shapeAsked(parameters) : undefined
    return { body: shape ? shape(type, body) : body, version: String(version), updated }
  }
}

function seeOf(practice: Practice, who: Principal, type: string, rules: PracticeRules): See {
  const see = onlyOffered(practice, seeAs(who, 'read', rules))
  if (!see(type)) throw refusal(who, 'read', type, rules)
  return see
}

interface Asked {
  readonly type: string
  readonly id: string
  readonly operations: readonly Operation[]
}

/** What is not stored and yet can be read. */
function computed(call: Call, { type, id, operations }: Asked): Answer {
  const definition = type === 'OperationDefinition' ? operationDefinition(call, id, operations) : undefined
  if (definition) return { body: JSON.stringify(definition) }
  throw new Problem('not-found', `${type}/${id} is not known`)
}

export function shapeAsked(parameters: Call['parameters']) {
  const first = (name: string) => parameters.find((pair) => pair[0] === name)?.[1]
  return shapeOf(first('_summary'), first('_elements')?.split(',').filter(Boolean) ?? [])
}
