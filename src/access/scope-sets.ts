/** Scopes as sets of what they allow; pure. A constraint is a set of parameters, all of which hold. */
import { type ResourceScope, scopeText } from './scopes.ts'

/** Whether `wide` allows all that `narrow` does: what narrows it narrows the other, too. */
export function covers(wide: ResourceScope, narrow: ResourceScope): boolean {
  return (
    wide.level === narrow.level &&
    (wide.type === '*' || wide.type === narrow.type) &&
    narrow.interactions.isSubsetOf(wide.interactions) &&
    partsOf(wide).isSubsetOf(partsOf(narrow))
  )
}

/** What both allow, in the spelling of `asked` where that is all of it; undefined: nothing. */
export function common(asked: ResourceScope, allowed: ResourceScope): ResourceScope | undefined {
  if (covers(allowed, asked)) return asked
  if (asked.level !== allowed.level) return undefined
  if (asked.type !== allowed.type && asked.type !== '*' && allowed.type !== '*') return undefined
  const interactions = asked.interactions.intersection(allowed.interactions)
  if (interactions.size === 0) return undefined
  const constraint = [...partsOf(asked).union(partsOf(allowed))].join('&')
  const scope = { level: asked.level, type: asked.type === '*' ? allowed.type : asked.type, interactions, constraint }
  return { ...scope, text: scopeText(scope) }
}

/** What is asked as far as it is allowed, in the order asked; nothing stands twice, and nothing that another one covers. */
export function negotiate(
  allowed: readonly ResourceScope[],
  asked: readonly ResourceScope[],
): readonly ResourceScope[] {
  const granted = asked.flatMap((one) => withoutCovered(allowed.map((other) => common(one, other)).filter(isScope)))
  return granted.filter((scope, i) => granted.findIndex(({ text }) => text === scope.text) === i)
}

/** Of two that allow the same the first one stays. */
function withoutCovered(scopes: readonly ResourceScope[]): readonly ResourceScope[] {
  return scopes.filter(
    (scope, i) => !scopes.some((other, j) => i !== j && covers(other, scope) && (j < i || !covers(scope, other))),
  )
}

function isScope(scope: ResourceScope | undefined): scope is ResourceScope {
  return scope !== undefined
}

function partsOf({ constraint }: ResourceScope): ReadonlySet<string> {
  return new Set(constraint === '' ? [] : constraint.split('&'))
}
