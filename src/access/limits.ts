import type { Clause, Principal } from './decision.ts'
import { type Grant, isSeeingAll } from './grants.ts'
import { hiddenLabels } from './hidden.ts'
import type { PracticeRules } from './practice-rules.ts'
import { isWrite, type Question } from './question.ts'
import type { Reach } from './reach.ts'

/** A clause before the constraints of its scope. */
export type Limit = Omit<Clause, 'where'> & Partial<Pick<Clause, 'where'>>

/** What ownership leaves of a type within a reach; none: nothing. */
export function limitsOf(question: Question, grant: Grant, reach: Reach): readonly Limit[] {
  const { principal, interaction, practice, ownership } = question
  const isLimited = reach.patients !== undefined || reach.assignedTo !== undefined
  const hidden = hiddenFromAny(question, grant, reach)
  if (reach.patients && isWrite(interaction) && !practice.patientWrites) return []
  switch (ownership.class) {
    case 'owned':
    case 'patient':
      return isForGroupsOnly(grant, practice) ? [] : ownedLimits(question, grant, reach)
    case 'follows':
      if (isForGroupsOnly(grant, practice)) return []
      return isLimited || hidden.length > 0 || !isSeeingAll(question, grant)
        ? [{ follows: true, hidden }]
        : [{ hidden }]
    case 'shared':
    case 'open':
      return reach.patients && isWrite(interaction) ? [] : [{ hidden }]
    case 'kept':
      return isLimited ? [] : keptLimits(question, grant, hidden)
    case 'audit':
      return isAuditor(principal) && !reach.patients && !isWrite(interaction) ? [{ hidden }] : []
  }
}

/** Of a row that is nobody's own: hidden when it would be of any of the patients within reach. */
function hiddenFromAny({ principal, practice }: Question, { level }: Grant, { patients }: Reach): readonly string[] {
  if (!patients) return hiddenLabels(principal, level, practice)
  return [...new Set(patients.flatMap((patient) => hiddenLabels(principal, level, practice, patient)))]
}

/** A clause for each set of patients of whom the same labels are hidden. */
function ownedLimits(question: Question, grant: Grant, reach: Reach): Limit[] {
  const { principal, interaction, practice, ownership } = question
  const isShared = ownership.class === 'owned' && ownership.orElse === 'shared'
  const isOrNobodys = isShared && !(reach.patients && isWrite(interaction))
  if (!reach.patients) {
    const orNobodys = isOrNobodys && reach.assignedTo !== undefined ? { orNobodys: true } : {}
    return [{ ...reach, ...orNobodys, hidden: hiddenLabels(principal, grant.level, practice) }]
  }
  const limits = new Map<string, { readonly patients: string[]; readonly hidden: readonly string[] }>()
  for (const patient of reach.patients) {
    const hidden = hiddenLabels(principal, grant.level, practice, patient)
    const limit = limits.get(hidden.join(' '))
    if (limit) limit.patients.push(patient)
    else limits.set(hidden.join(' '), { patients: [patient], hidden })
  }
  const [first, ...others] = limits.values()
  if (!first) return []
  if (!isOrNobodys) return [first, ...others]
  if (others.length === 0) return [{ ...first, orNobodys: true }]
  // what is nobody's would be shown by the patient of whom the least is hidden
  return [first, ...others, { patients: [], orNobodys: true, hidden: hiddenFromAny(question, grant, reach) }]
}

function keptLimits({ type, practice }: Question, grant: Grant, hidden: readonly string[]): Limit[] {
  if (!isForGroupsOnly(grant, practice)) return [{ hidden }]
  return type === 'Group' ? [{ hidden, where: [{ kind: 'id', ids: practice.permission?.groups ?? [] }] }] : []
}

/** An app that is permitted some groups sees their members in an export, which checks the group, and nowhere else. */
function isForGroupsOnly(grant: Grant, practice: PracticeRules): boolean {
  return grant.isByPermission && practice.permission?.groups !== undefined && !practice.isExport
}

function isAuditor(principal: Principal): boolean {
  return principal.role === 'auditor' || principal.role === 'administrator'
}
