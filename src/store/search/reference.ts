/**
 * Reference conditions: the owner's column where the parameter asks for it, else tokens (key of the target xor salt of
 * the path). https://hl7.org/fhir/R4/search.html#reference
 */
import { type Sql, sql } from '#db'
import { type Condition, ownerSearchParameters, type SearchParameter, type Value } from '#fhir'
import { hashKey, hashText, int8Text, keyText, latest, saltOf } from '../hash.ts'
import { systemCode } from '../index/forms.ts'
import type { ParameterCondition, Scope } from './scope.ts'
import { hasAny } from './token.ts'

/** The ids of the patients to which a condition confines the rows; undefined when it does not. */
export function ownersAsked(type: string, condition: Condition): string[] | undefined {
  if (condition.kind !== 'parameter' || condition.modifier !== undefined || condition.values.length === 0)
    return undefined
  if (!ownerSearchParameters(type).includes(condition.parameter.code)) return undefined
  const ids = condition.values.map((value) => patientOf(condition, value))
  return ids.every((id) => id !== undefined) ? ids : undefined
}

function patientOf({ parameter, onlyTarget }: ParameterCondition, value: Value): string | undefined {
  if (value.kind !== 'reference') return undefined
  const [only] = targetsOf(parameter, onlyTarget, value.type)
  return only === 'Patient' && targetsOf(parameter, onlyTarget, value.type).length === 1 ? value.id : undefined
}

/** The types that a reference value may mean. */
function targetsOf(
  { targets, sources }: SearchParameter,
  onlyTarget: string | undefined,
  type: string | undefined,
): readonly string[] {
  const confined = sources.every((use) => use.onlyTarget !== undefined)
    ? sources.map((use) => use.onlyTarget as string)
    : targets
  const allowed = onlyTarget === undefined ? confined : confined.filter((target) => target === onlyTarget)
  return type === undefined ? allowed : allowed.filter((target) => target === type)
}

export function whereReference(scope: Scope, condition: ParameterCondition): Sql {
  const { practice, type } = scope
  if (condition.modifier === 'identifier') return hasAny(scope, identifierHashes(practice, condition))
  const owners = ownersAsked(type, condition)
  if (owners) return ownedBy(scope, owners)
  const matching = hasAny(
    scope,
    condition.values.flatMap((value) => targetHashes(practice, condition, value)),
  )
  return condition.modifier === 'not' ? sql`not ${matching}` : matching
}

/** Rows of these patients; one patient is compared as one value, of which the planner knows how many rows it has. */
export function ownedBy({ practice, row }: Scope, ids: readonly string[]): Sql {
  const [first, ...others] = ids.map((id) => keyText(practice, 'Patient', id))
  if (first === undefined) return sql`false`
  return others.length === 0
    ? sql`${row}.patient = ${first}::int8`
    : sql`${row}.patient = any(${[first, ...others]}::int8[])`
}

function targetHashes(practice: number, { parameter, onlyTarget }: ParameterCondition, value: Value): string[] {
  if (value.kind === 'url') return parameter.sources.map(({ source }) => hashText(practice, source.key, 'l', value.url))
  if (value.kind !== 'reference') throw new TypeError(`${value.kind} is not a value of a reference parameter`)
  return parameter.sources.flatMap(({ source, onlyTarget: sourceTarget }) =>
    targetsOf(parameter, onlyTarget, value.type)
      .filter((target) => sourceTarget === undefined || sourceTarget === target)
      .map((target) => referenceHash(practice, source.key, target, value.id)),
  )
}

/** The token of a reference at this path to Type/id. */
export function referenceHash(practice: number, sourceKey: number, type: string, id: string): string {
  const salt = saltOf(sourceKey) // before the key: it may hash, too
  hashKey(practice, type, id)
  return int8Text({ high: latest.high ^ salt.high, low: latest.low ^ salt.low })
}

function identifierHashes(practice: number, { parameter, values }: ParameterCondition): string[] {
  return values.flatMap((value) => {
    if (value.kind !== 'token' || value.code === undefined) return []
    const { system, code } = value
    return parameter.sources.map(({ source }) =>
      system === undefined
        ? hashText(practice, source.key, 'j', code)
        : hashText(practice, source.key, 'i', systemCode(system, code)),
    )
  })
}
