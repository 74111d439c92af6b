/**
 * The one decision (specs/model.md 2 and 3): may this principal do this to that type, and to which of its rows? Every
 * way to data asks it, so it has no exceptions elsewhere. It fails closed: what it can't work out is refused.
 */
import { isDeepStrictEqual } from 'node:util'
import { ownershipOf } from '#fhir'
import { Problem, valueAt } from '#lib'
import { conditionsOf } from './constraints.ts'
import type { Clause, Interaction, Predicate, Principal, See } from './decision.ts'
import { type Grant, grantsFor, isStranded, isSwitchedOff } from './grants.ts'
import { limitsOf } from './limits.ts'
import type { PracticeRules } from './practice-rules.ts'
import { isWrite, type Question } from './question.ts'
import { reachOf } from './reach.ts'
import { parseScopes } from './scopes.ts'

/** The rows of a type that the principal may reach; undefined: none, refuse. Throws Problem 'forbidden' in doubt. */
export function access(
  principal: Principal,
  interaction: Interaction,
  type: string,
  practice: PracticeRules,
): Predicate | undefined {
  const ownership = ownershipOf(type)
  if (!ownership) throw new Problem('forbidden', `Cannot tell who may see ${type}: it is not a resource type of R4`)
  if (isSwitchedOff(principal, practice) || isStranded(principal)) return undefined
  if (isWrite(interaction) && !practice.writes) return undefined
  if (ownership.class === 'open' && !isWrite(interaction)) return everything
  const question: Question = { principal, interaction, type, practice, ownership }
  const any = [...grantsFor(question).flatMap((grant) => clausesOf(question, grant)), ...ownUser(question)]
  return any.length === 0 ? undefined : { any: withoutRepeats(any) }
}

const mostKnown = 1000
const known = new WeakMap<PracticeRules, Map<string, See>>()

/**
 * The same for every type that a request touches. A decision depends on nothing but its arguments, and the same few come
 * with every request, so answers are kept by them; a change of the practice's rules is another object.
 */
export function seeAs(principal: Principal, interaction: Interaction, practice: PracticeRules): See {
  const { client, user, role, patients, scopes, breakGlass } = principal
  let decisions = known.get(practice)
  if (!decisions || decisions.size > mostKnown) {
    decisions = new Map()
    known.set(practice, decisions)
  }
  const name = [interaction, client, user, role, patients.join(' '), breakGlass, scopes].join('\n')
  return valueAt(decisions, name, () => decide(principal, interaction, practice))
}

function decide(principal: Principal, interaction: Interaction, practice: PracticeRules): See {
  const answers = new Map<string, Predicate | undefined>()
  return (type) => {
    if (!answers.has(type)) answers.set(type, access(principal, interaction, type, practice))
    return answers.get(type)
  }
}

/** All of a practice, for those who work for it: the command line, and what its own rules have to look up. */
export const seeAll: See = () => everything

const everything: Predicate = { any: [{ where: [], hidden: [] }] }

function clausesOf(question: Question, grant: Grant): readonly Clause[] {
  const reach = reachOf(grant.level, question.principal, question.practice)
  if (!reach) return []
  const limits = limitsOf(question, grant, reach)
  const where = limits.length === 0 ? [] : grant.constraints.flatMap((query) => conditionsOf(question.type, query))
  return limits.map((limit) => ({ ...limit, where: [...where, ...(limit.where ?? [])] }))
}

/** specs/smart.md 5.5: with `openid fhirUser` the one resource that is the user can be read. */
function ownUser({ principal, interaction, type }: Question): readonly Clause[] {
  const { others } = parseScopes(principal.scopes)
  const [userType, id] = principal.user?.split('/') ?? []
  if (interaction !== 'read' || userType !== type || id === undefined) return []
  if (!others.includes('openid') || !others.includes('fhirUser')) return []
  return [{ where: [{ kind: 'id', ids: [id] }], hidden: [] }]
}

function withoutRepeats(clauses: readonly Clause[]): readonly Clause[] {
  const isPlain = ({ where, hidden, ...limits }: Clause) =>
    where.length === 0 && hidden.length === 0 && Object.keys(limits).length === 0
  if (clauses.some(isPlain)) return everything.any
  return clauses.filter((clause, index) => clauses.findIndex((other) => isDeepStrictEqual(other, clause)) === index)
}
