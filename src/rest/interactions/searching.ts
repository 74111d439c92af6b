import { type PracticeRules, type Principal, refusal, type See, seeAs } from '#access'
import type { Call } from '#http'
import { Problem } from '#lib'
import type { RestOptions } from '../options.ts'
import { onlyOffered } from '../resource-type.ts'

export interface Searching {
  readonly who: Principal
  readonly rules: PracticeRules
  readonly see: See
}

/** What whoever calls may search. */
export async function searching(
  { rulesOf }: RestOptions,
  call: Pick<Call, 'practice' | 'principal'>,
): Promise<Searching> {
  const who = await call.principal
  const rules = await rulesOf(call.practice, who)
  const see = onlyOffered(call.practice, seeAs(who, 'search', rules))
  return { who, rules, see }
}

/** Refuses where nothing of a type may be searched. */
export function maySearch({ who, rules, see }: Searching, type: string) {
  if (!see(type)) throw refusal(who, 'search', type, rules)
}

/** The type over which the store would not search: the refusal names the scope that would allow it. */
export function toldAsRefusal({ who, rules }: Searching) {
  return (error: unknown): never => {
    const type = error instanceof Problem && error.kind === 'forbidden' ? error.expression[0] : undefined
    throw type === undefined ? error : refusal(who, 'search', type, rules)
  }
}
