/** What an app may import: asked when it begins and again for each batch. */
import { type Level, type Predicate, type Principal, parseScopes, refusal, type See, seeAs } from '#access'
import { Problem } from '#lib'
import type { Change } from '#store'
import type { ImportPlace } from './options.ts'

const level: Level = 'system'
const interactions = ['create', 'update', 'delete'] as const

/**
 * The principal with nothing but its scopes of level system: an import is nobody's but the app's. A token that is about
 * somebody has none here, so that no user of an app meets what it does by itself.
 */
export function asSystem({ practice, client, scopes, requestId, user, patients }: Principal): Principal {
  if (user !== undefined || patients.length > 0) return { practice, client, requestId, patients: [], scopes: '' }
  const own = parseScopes(scopes).resources.filter((scope) => scope.level === level)
  return { practice, client, requestId, patients: [], scopes: own.map(({ text }) => text).join(' ') }
}

/** Throws where the practice takes no imports of this app. */
export function checkPlace({ practice, mayImport }: ImportPlace): void {
  if (!practice.writes) {
    throw new Problem('not-allowed', 'Nothing can be imported here: the practice takes no writes', {
      issue: 'not-supported',
    })
  }
  if (mayImport) return
  const ask = 'ask its administrator to permit it (charthouse app permit … --import)'
  throw new Problem('forbidden', `Cannot import: ${practice.name} has not permitted this app to import; ${ask}`)
}

/** What may be done of a type; throws where that is not all that an import may do. */
export function rightsTo(type: string, principal: Principal, { practice, rules }: ImportPlace): Change['may'] {
  if (practice.types && !practice.types.has(type)) {
    throw new Problem('forbidden', `Cannot import ${type}: it is not offered by this practice`)
  }
  const [create, update, remove] = interactions.map((interaction): Predicate => {
    const predicate = seeAs(principal, interaction, rules)(type)
    if (!predicate) throw refusal(principal, interaction, type, rules)
    return predicate
  })
  return { create, update, delete: remove } as Change['may']
}

/** What it may read: changes are held against it. */
export function seeingAs(principal: Principal, { practice, rules }: ImportPlace): See {
  const see = seeAs(principal, 'read', rules)
  return (type) => (practice.types && !practice.types.has(type) ? undefined : see(type))
}
