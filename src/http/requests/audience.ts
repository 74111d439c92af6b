import { type Principal, sideOf } from '#access'
import { Problem } from '#lib'
import type { Practice } from '../practice.ts'
import { standardPath } from './enter-practice.ts'

const whom = { practice: 'people who work at the practice', patients: 'patients and guardians' }

/** Some dialects have a base for staff and another for patients; the standard base serves everybody (MOF-8). */
export function checkAudience(practice: Practice, base: string, principal: Principal) {
  const audience = practice.dialect.audienceByPath[base.slice(practice.root.length)]
  if (!audience || sideOf(principal) === audience) return
  throw new Problem('forbidden', `This address serves ${whom[audience]} only: use ${practice.root}${standardPath}`)
}
