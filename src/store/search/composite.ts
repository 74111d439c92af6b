/**
 * Composite conditions. Parts of the resource itself are two conditions on one row; parts of an inner element were paired
 * when the row was indexed; where a parameter means both (`combo-…`), either finds. https://hl7.org/fhir/R4/search.html#combining
 */
import { and, or, type Sql, sql } from '#db'
import { type CompositePart, resourceTypes, type SearchParameter, type Source, type Value } from '#fhir'
import { hashText } from '../hash.ts'
import { systemCode } from '../index/forms.ts'
import { mostElements } from '../index/index-resource.ts'
import { partsOfResource, sourcesOfPart } from '../index/plan.ts'
import { dateRows } from './date.ts'
import { numberRows, numbersOfElement } from './number.ts'
import type { ParameterCondition, Scope } from './scope.ts'
import { hasAny } from './token.ts'

export function whereComposite(scope: Scope, { parameter, values }: ParameterCondition): Sql {
  return or(
    values.map((value) => {
      if (value.kind !== 'composite') return sql`false`
      const { context, components } = parameter
      if (!context) return ofResource(scope, components, value.parts)
      const own = partsOfResource(scope.type, context, components)
      if (!own) return ofElement(scope, parameter, value.parts)
      const either = or([ofResource(scope, own, value.parts), ofElement(scope, parameter, value.parts)])
      return and([...ofAnyCode(scope, context, components, value.parts), either])
    }),
  )
}

/** The code stands somewhere, which the index of tokens can tell: of the alternative that follows it can make no use. */
function ofAnyCode(
  scope: Scope,
  context: Source,
  [component]: readonly CompositePart[],
  [value]: readonly Value[],
): Sql[] {
  const sources = component && sourcesOfPart(scope.type, context, component)
  if (!sources || value === undefined) return []
  const parameter = { ...parameterOf(component, scope.type), sources: sources.map((source) => ({ source })) }
  return [scope.where(scope, { kind: 'parameter', parameter, values: [value] })]
}

function ofResource(scope: Scope, components: readonly CompositePart[], parts: readonly Value[]): Sql {
  return and(
    components.map((component, i) => {
      const value = parts[i]
      if (value === undefined) return sql`false`
      return scope.where(scope, {
        kind: 'parameter',
        parameter: component.parameter ?? parameterOf(component, scope.type),
        values: [value],
      })
    }),
  )
}

/** A part as a parameter, where the resource has none that looks at the same path. */
function parameterOf({ type, source, codeSystem }: CompositePart, base: string): SearchParameter {
  const nothing = { targets: [], components: [], description: '', url: '', code: '' }
  return { ...nothing, base, type, sources: [{ source }], ...(codeSystem !== undefined && { codeSystem }) }
}

function ofElement(
  scope: Scope,
  { context, components }: SearchParameter,
  [first, second, third]: readonly Value[],
): Sql {
  const [, other, last] = components
  if (!context || !other || first?.kind !== 'token' || second === undefined) return sql`false`
  const code = pairedForm(first.system, first.code ?? '')
  if (last && third) {
    const places = Array.from({ length: mostElements }, (_, place) => paired(scope, context.key, `${code}#${place}`))
    return numbersOfElement(scope, places, [
      [other.source.key, second],
      [last.source.key, third],
    ])
  }
  if (other.type === 'reference')
    return second.kind === 'reference'
      ? hasAny(scope, pairedTargets(scope, context.key ^ other.source.key, code, second))
      : sql`false`
  if (other.type === 'token' || other.type === 'uri') {
    if (second.kind !== 'token' || second.code === undefined) return sql`false`
    return hasAny(scope, [
      paired(scope, context.key ^ other.source.key, `${code} ${pairedForm(second.system, second.code)}`),
    ])
  }
  if (other.type === 'string') {
    if (second.kind !== 'string') return sql`false`
    return hasAny(scope, [paired(scope, context.key ^ other.source.key, `${code} ${second.text.toLowerCase()}`)])
  }
  const part = paired(scope, context.key, code)
  if (other.type === 'date') return dateRows(scope, [other.source.key], [second], part)
  return numberRows(scope, [other.source.key], [second], part)
}

function pairedTargets(
  scope: Scope,
  salt: number,
  code: string,
  { type, id }: Extract<Value, { kind: 'reference' }>,
): string[] {
  return (type === undefined ? resourceTypes : [type]).map((target) => paired(scope, salt, `${code} ${target}/${id}`))
}

/** As `tokenForms` in `store/index/index-resource.ts` writes it. */
function pairedForm(system: string | null | undefined, code: string): string {
  return system === undefined ? `|${code}` : `=${systemCode(system, code)}`
}

function paired({ practice }: Scope, salt: number, text: string): string {
  return hashText(practice, salt, 'k', text)
}
