import type { Ownership } from '#fhir'
import type { Interaction, Principal } from './decision.ts'
import type { PracticeRules } from './practice-rules.ts'

/** What the decision is asked, with whose the type's rows are. */
export interface Question {
  readonly principal: Principal
  readonly interaction: Interaction
  readonly type: string
  readonly practice: PracticeRules
  readonly ownership: Ownership
}

export function isWrite(interaction: Interaction): boolean {
  return interaction !== 'read' && interaction !== 'search'
}
