/**
 * Where elements stand in the text of a resource, found by FHIRPath: names of elements, indexes, `where(x = 'y')`, `first()`,
 * `last()`, `extension('url')`, `ofType(X)` and `as X`. Nothing else, and no regular expression of a client (S-15).
 */
import { Problem, valueAt } from '#lib'
import { type ElementRule, elementRules, jsonNameOf } from '../definitions/structures.ts'
import { itemSpans, nextToken, valueEnd } from '../model/json-text.ts'
import { type Expression, parseExpression } from '../search/expression.ts'
import type { Effort } from './effort.ts'
import { memberAt } from './text-edits.ts'

/** An element that is there. */
export interface Place {
  /** Where its value starts. */
  readonly start: number
  /** FHIR type, or the path of a backbone. */
  readonly type: string
  /** The member that holds it; undefined for the resource itself. */
  readonly holder?: Holder
}

export interface Holder {
  /** Where the object starts. */
  readonly start: number
  readonly key: string
  readonly rule: ElementRule
  /** Which item of the member's array it is. */
  readonly index?: number
}

const longestPath = 1000
/** In characters: what an element takes to look into, however small it is. */
const costOfElement = 100

export function parsePath(path: string): Expression {
  if (path.length > longestPath)
    throw new Problem('invalid', `Cannot apply the patch: a path is longer than ${longestPath}`)
  try {
    return parseExpression(path)
  } catch (cause) {
    throw refused(path, 'it cannot be read', cause)
  }
}

export function refused(path: string, reason: string, cause?: unknown): Problem {
  return new Problem('invalid', `Cannot apply the patch at ${JSON.stringify(path)}: ${reason}`, { cause })
}

/** The places of one path in one text. */
export class Places {
  readonly #text: string
  readonly #path: string
  readonly #look: Effort['look']
  /** By type and name: a list may have many items of one type. */
  readonly #rules = new Map<string, ReadonlyMap<string, ElementRule>>()

  /** `look` is told how much is looked through, and may refuse to go on. */
  constructor(text: string, path: string, look: Effort['look']) {
    this.#text = text
    this.#path = path
    this.#look = look
  }

  resource(): Place {
    const start = nextToken(this.#text, 0)
    return { start, type: this.#typeAt(start) }
  }

  /** All that an expression finds, from the resource on. */
  find(expression: Expression): readonly Place[] {
    return this.#find(expression, this.resource())
  }

  /** The places of the element `name` of what is at `place`. */
  children(place: Place, name: string): readonly Place[] {
    const rule = this.ruleOf(place, name)
    this.#look(costOfElement + valueEnd(this.#text, place.start) - place.start)
    for (const type of rule.types) {
      const key = jsonNameOf(rule, type)
      const span = memberAt(this.#text, place.start, key)
      if (span) return this.#items({ start: place.start, key, rule }, span.valueStart, type)
    }
    return []
  }

  /** What R4 says of the element `name` at `place`; refuses where there is no such one. */
  ruleOf({ start, type }: Place, name: string): ElementRule {
    if (this.#text[start] !== '{') throw this.#refused(`${type} has no elements that a patch can reach`)
    const rules = valueAt(this.#rules, type, () => new Map(elementRules(type)?.map((each) => [each.name, each])))
    const rule = rules.get(name)
    if (!rule) throw this.#refused(`${type} has no element "${name}"`)
    return rule
  }

  #find(expression: Expression, context: Place): readonly Place[] {
    switch (expression.kind) {
      case 'member':
        if (expression.on) return this.#find(expression.on, context).flatMap((on) => this.children(on, expression.name))
        return this.#first(expression.name, context)
      case 'index':
        return this.#find(expression.on, context).slice(expression.index, expression.index + 1)
      case 'type':
        if (expression.operator === 'as') return this.#ofType(this.#find(expression.on, context), expression.type)
        break
      case 'call':
        return this.#call(expression, context)
    }
    throw this.#refused('it holds more than names, indexes, where(), first(), last(), extension() and ofType()')
  }

  /** A path begins with the type, or with an element of where it stands. */
  #first(name: string, context: Place): readonly Place[] {
    if (!/^[A-Z]/.test(name)) return this.children(context, name)
    const { type } = this.resource()
    if (context.holder === undefined && [type, 'Resource', 'DomainResource'].includes(name)) return [context]
    throw this.#refused(`it begins with ${name}, and the resource is of type ${type}`)
  }

  #call({ name, on, given }: Extract<Expression, { kind: 'call' }>, context: Place): readonly Place[] {
    const [argument] = given
    const found = on ? this.#find(on, context) : [context]
    if (given.length === 0 && name === 'first') return found.slice(0, 1)
    if (given.length === 0 && name === 'last') return found.slice(-1)
    if (given.length === 1 && name === 'where') return found.filter((place) => this.#isTrue(argument, place))
    if (argument?.kind === 'member' && !argument.on && name === 'ofType') return this.#ofType(found, argument.name)
    if (argument?.kind === 'literal' && name === 'extension') {
      const test = (place: Place) => this.#isEqual(this.children(place, 'url'), argument.value)
      return found.flatMap((place) => this.children(place, 'extension')).filter(test)
    }
    throw this.#refused(`${name}() is not offered in this way`)
  }

  #ofType(places: readonly Place[], type: string): readonly Place[] {
    return places.filter((place) => place.type === type)
  }

  #isTrue(test: Expression | undefined, place: Place): boolean {
    if (test?.kind !== 'binary') throw this.#refused("where() takes a test such as system = 'phone'")
    const { operator, left, right } = test
    if (operator === 'and') return this.#isTrue(left, place) && this.#isTrue(right, place)
    if (operator === '=' && right.kind === 'literal') return this.#isEqual(this.#find(left, place), right.value)
    throw this.#refused("where() compares an element with a value, as in system = 'phone'")
  }

  #isEqual([place, ...others]: readonly Place[], value: string | number | boolean): boolean {
    if (!place || others.length > 0) return false
    return JSON.parse(this.#text.slice(place.start, valueEnd(this.#text, place.start))) === value
  }

  #items(holder: Holder, start: number, named: string): readonly Place[] {
    const typed = (at: number) => (named === 'Resource' ? this.#typeAt(at) : named.replace('@', ''))
    if (this.#text[start] !== '[') return [{ start, type: typed(start), holder }]
    const items = itemSpans(this.#text, start)
    return items.map((item, index) => ({ start: item.start, type: typed(item.start), holder: { ...holder, index } }))
  }

  #typeAt(start: number): string {
    const span = memberAt(this.#text, start, 'resourceType')
    return span ? String(JSON.parse(this.#text.slice(span.valueStart, span.valueEnd))) : ''
  }

  #refused(reason: string): Problem {
    return refused(this.#path, reason)
  }
}
