import { elementRules } from '../definitions/structures.ts'
import { isResourceType } from '../model/resource-types.ts'
import { codeCheck, conceptCheck } from './codes.ts'
import { type Member, membersOf, type TypeCheck } from './members.ts'
import { primitiveCheck } from './primitives.ts'
import { type Check, quoted, type Walk } from './walk.ts'

type JsonObject = Readonly<Record<string, unknown>>

/** A type, compiled when a resource first has need of it. */
interface ObjectRule {
  readonly type: string
  readonly members: ReadonlyMap<string, Member>
  /** The bits of what must be there, and the name for each. */
  readonly required: number
  readonly requiredElements: readonly { readonly bit: number; readonly name: string }[]
}

const rules = new Map<string, ObjectRule>()
const objectChecks = new Map<string, Check>()

/** Checks a resource of any type; its type is told by its `resourceType`. */
export const resourceCheck: Check = (value, walk) => {
  if (!isObject(value)) return walk.fault('structure', `${quoted(value)} is no JSON object, as a resource must be`)
  const type = value.resourceType
  if (type === undefined) return walk.fault('structure', 'resourceType is missing')
  if (!isResourceType(type)) return walk.fault('structure', `${quoted(type)} is not a resource type of R4`)
  checkMembers(ruleOf(type), value, walk)
}

function checkOf(type: string, codes?: string): TypeCheck {
  if (type === 'Resource') return { check: resourceCheck, hasCompanion: false }
  const isPlain = type.startsWith('@')
  const primitive = primitiveCheck(isPlain ? type.slice(1) : type)
  if (!primitive)
    return { check: codes ? conceptCheck(objectCheck(type), codes) : objectCheck(type), hasCompanion: false }
  return { check: codes ? codeCheck(primitive, codes) : primitive, hasCompanion: !isPlain }
}

function objectCheck(type: string): Check {
  let rule: ObjectRule | undefined
  const check: Check =
    objectChecks.get(type) ??
    ((value, walk) => {
      if (!isObject(value)) return walk.fault('structure', `${quoted(value)} is no JSON object, as ${type} must be`)
      rule ??= ruleOf(type)
      checkMembers(rule, value, walk)
    })
  objectChecks.set(type, check)
  return check
}

function checkMembers(rule: ObjectRule, value: JsonObject, walk: Walk): void {
  let seen = 0
  let isTwice = false
  let isEmpty = true
  for (const key in value) {
    isEmpty = false
    const member = rule.members.get(key)
    if (member === undefined) {
      unknownMember(rule, key, walk)
      continue
    }
    if (member.isChoice && (seen & member.bit) !== 0) isTwice = true
    seen |= member.bit
    walk.enter(member.label)
    member.check(value[key], walk, value)
    walk.leave()
  }
  if (isEmpty) walk.fault('structure', 'the object is empty')
  else if ((seen & rule.required) !== rule.required) missingMembers(rule, seen, walk)
  if (isTwice) choicesTwice(rule, value, walk)
}

function unknownMember(rule: ObjectRule, key: string, walk: Walk): void {
  const isName = /^\w{1,64}$/.test(key)
  if (isName) walk.enter(key)
  walk.fault('structure', `${rule.type} has no element ${quoted(key)}`)
  if (isName) walk.leave()
}

function missingMembers(rule: ObjectRule, seen: number, walk: Walk): void {
  for (const { bit, name } of rule.requiredElements) {
    if ((seen & bit) !== 0) continue
    walk.enter(name)
    walk.fault('required', `${rule.type}.${name} is missing`)
    walk.leave()
  }
}

/** Two members of a choice are wrong unless one is the companion of the other. */
function choicesTwice(rule: ObjectRule, value: JsonObject, walk: Walk): void {
  const labels = new Map<number, string>()
  for (const key of Object.keys(value)) {
    const member = rule.members.get(key)
    if (!member?.isChoice) continue
    const other = labels.get(member.bit)
    labels.set(member.bit, member.label)
    if (other === undefined || other === member.label) continue
    const [name = ''] = member.label.split('.')
    walk.enter(name)
    walk.fault('structure', `${rule.type}.${name} is given with more than one type, as ${other} and ${member.label}`)
    walk.leave()
  }
}

function ruleOf(type: string): ObjectRule {
  const rule = rules.get(type) ?? compileRule(type)
  rules.set(type, rule)
  return rule
}

function compileRule(type: string): ObjectRule {
  const elements = elementRules(type)
  if (!elements) throw new TypeError(`${type} is not a type of R4`)
  const members = new Map<string, Member>()
  const requiredElements: { bit: number; name: string }[] = []
  let next = 1
  for (const element of elements) {
    const isMarked = element.min > 0 || element.isChoice
    const bit = isMarked ? next : 0
    if (isMarked) next <<= 1
    if (element.min > 0) requiredElements.push({ bit, name: element.name })
    for (const [key, member] of membersOf(element, bit, checkOf)) members.set(key, member)
  }
  if (next === 0) throw new TypeError(`${type} has more than 32 choices and required elements`)
  if (isResourceType(type))
    members.set('resourceType', { label: 'resourceType', bit: 0, isChoice: false, check: () => {} })
  return { type, members, required: requiredElements.reduce((mask, { bit }) => mask | bit, 0), requiredElements }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
