import { type Interaction, type PracticeRules, type Predicate, type Principal, refusal, type See, seeAs } from '#access'
import type { Call, Practice, WriteRules } from '#http'
import { Problem } from '#lib'
import type { Store } from '#store'
import type { RestOptions } from '../options.ts'
import { onlyOffered } from '../resource-type.ts'
import { type Preference, preferenceOf } from './preference.ts'

/** Somebody who writes at a practice that takes writes: what every write of a request is made with. */
export interface Writing {
  readonly practice: Practice
  /** The FHIR base that was called. */
  readonly base: string
  readonly rules: WriteRules
  readonly who: Principal
  readonly access: PracticeRules
  readonly store: Store
  /** What they may read: what is stored is shown to nobody else. */
  readonly see: See
  readonly report: RestOptions['report']
  /** What they want to be answered. */
  readonly preference: Preference
}

/** Refuses where the practice takes no writes, whatever the token allows. */
export async function openWriting(options: RestOptions, call: Call): Promise<Writing> {
  const { practice, base } = call
  const rules = practice.writes
  if (!rules) {
    throw new Problem('not-allowed', 'Nothing can be written here: the practice takes no writes', {
      issue: 'not-supported',
    })
  }
  const who = await call.principal
  const access = await options.rulesOf(practice, who)
  const see = onlyOffered(practice, seeAs(who, 'read', access))
  const store = options.storeOf(practice)
  const preference = preferenceOf(call.headers)
  return { practice, base, rules, who, access, store, see, report: options.report, preference }
}

/** What of the type they may create, update or delete; refuses where that is nothing. */
export function mayWrite({ who, access, practice }: Writing, interaction: Interaction, type: string): Predicate {
  const predicate = onlyOffered(practice, seeAs(who, interaction, access))(type)
  if (!predicate) throw refusal(who, interaction, type, access)
  return predicate
}
