import { parseScopes, type ResourceScope } from '#access'
import type { Practice } from '#http'

export interface AskedScope {
  /** As it was asked for, which is how the answer spells it. */
  readonly spelt: string
  /** As it is read here. */
  readonly scope: string
}

/** The scopes of a request, each once, in the spellings that the practice's dialect admits. */
export function askedScopes(text: string, { dialect }: Pick<Practice, 'dialect'>): readonly AskedScope[] {
  const { scopeAliases, scopeCleanup } = dialect
  const clean = scopeCleanup === 'trailing-backslash' ? withoutBackslashes : (scope: string) => scope
  const spelt = new Set(
    text
      .split(' ')
      .map(clean)
      .filter((scope) => scope !== ''),
  )
  return [...spelt].map((scope) => ({ spelt: scope, scope: aliasOf(scopeAliases, scope) }))
}

/** Those of resources; what cannot be read or names no type of R4 is left out, as it sinks no request (specs/smart.md 5.6). */
export function resourceScopes(asked: readonly AskedScope[]): readonly ResourceScope[] {
  return parseScopes(asked.map(({ scope }) => scope).join(' ')).resources
}

/** Those at its end; a regular expression would try each backslash of a long row anew. */
function withoutBackslashes(scope: string): string {
  let end = scope.length
  while (scope[end - 1] === '\\') end--
  return scope.slice(0, end)
}

function aliasOf(aliases: Readonly<Record<string, string>>, scope: string): string {
  return Object.hasOwn(aliases, scope) ? (aliases[scope] ?? scope) : scope
}
