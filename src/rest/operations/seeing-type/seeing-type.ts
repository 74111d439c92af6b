import { type PracticeRules, type Principal, refusal, type See, seeAs } from '#access'
import type { Call } from '#http'
import { Problem } from '#lib'
import type { RestOptions } from '../../options.ts'
import { onlyOffered } from '../../resource-type.ts'

export interface Seeing {
  readonly who: Principal
  readonly rules: PracticeRules
  readonly see: See
}

/** What may be searched; refuses when nothing of this type may. */
export async function seeingType({ rulesOf }: RestOptions, call: Call, type: string): Promise<Seeing> {
  const who = await call.principal
  const rules = await rulesOf(call.practice, who)
  const see = onlyOffered(call.practice, seeAs(who, 'search', rules))
  if (!see(type)) throw refusal(who, 'search', type, rules)
  return { who, rules, see }
}

/** The type over which the store would not search: the refusal names the scope that would allow it. */
export function toldAsRefusal(who: Principal, rules: PracticeRules) {
  return (error: unknown): never => {
    const type = error instanceof Problem && error.kind === 'forbidden' ? error.expression[0] : undefined
    throw type === undefined ? error : refusal(who, 'search', type, rules)
  }
}
