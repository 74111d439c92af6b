/** Who exports, and what: asked at kick-off, and again whenever status or a file is asked for. */
import {
  isNamed,
  operator,
  type PracticeRules,
  type Principal,
  parseScopes,
  refusal,
  type See,
  seeAs,
  sideOf,
} from '#access'
import type { Practice } from '#http'
import { Problem } from '#lib'
import type { Export, ExportRequest } from './export.ts'
import type { ExportFace } from './face.ts'

export interface Exporter {
  /** With those of its scopes that count for an export. */
  readonly principal: Principal
  readonly rules: PracticeRules
  readonly see: See
  /** What a filter may look over: an app that exports some groups learns nothing of anybody else. */
  readonly seeOver: See
}

/** Rejects with Problem 'forbidden' for whoever exports nothing, whatever it may read. */
export async function exporterOf(
  { rulesOf }: Pick<ExportFace, 'rulesOf'>,
  practice: Practice,
  who: Principal,
): Promise<Exporter> {
  const always = await rulesOf(practice, who)
  const rules: PracticeRules = { ...always, isExport: true }
  const principal = { ...who, scopes: countingScopes(who) }
  if (principal.scopes === '') throw new Problem('forbidden', whoMay)
  const seeBy = (by: PracticeRules): See => {
    const seeAny = seeAs(principal, 'read', by)
    return (type) => (practice.types?.has(type) === false ? undefined : seeAny(type))
  }
  if (who.client !== operator && rules.permission?.isEnabled === false)
    throw refusal(principal, 'read', 'Patient', rules)
  return { principal, rules, see: seeBy(rules), seeOver: seeBy(always) }
}

const whoMay =
  'Cannot export: it takes system/ scopes of a backend app, or user/ scopes of a person with the role administrator'

/** model.md part 5, "bulk by a person". */
function countingScopes(who: Principal): string {
  const isAdministrator = who.role === 'administrator' && sideOf(who) === 'practice'
  if (who.patients.length > 0 || (who.user !== undefined && !isAdministrator)) return ''
  const levels = isAdministrator ? ['system', 'user'] : ['system']
  const counting = parseScopes(who.scopes).resources.filter(({ level }) => levels.includes(level))
  return counting.map(({ text }) => text).join(' ')
}

/** Whether rows of the type go out; of what anybody may read only when a scope names it. */
export function mayExport({ principal, rules, see }: Exporter, type: string): boolean {
  return see(type) !== undefined && isNamed(principal, type, rules)
}

/** Throws what is missing. */
export function checkMayExport(exporter: Exporter, type: string) {
  if (mayExport(exporter, type)) return
  const { principal, rules, see } = exporter
  if (see(type))
    throw new Problem('forbidden', `Cannot export ${type}: it takes a scope that names it, such as system/${type}.rs`)
  throw refusal(principal, 'read', type, rules)
}

/** The groups that the practice permits an app; undefined: whatever its scopes reach. */
export function groupsOf({ principal, rules }: Exporter): readonly string[] | undefined {
  return principal.user === undefined && principal.client !== operator ? rules.permission?.groups : undefined
}

/** An app that is permitted some groups exports these, and nothing beyond. */
export function checkCohort(exporter: Exporter, { level, group }: Pick<ExportRequest, 'level' | 'group'>) {
  const groups = groupsOf(exporter)
  if (!groups || (level === 'group' && group !== undefined && groups.includes(group))) return
  const allowed =
    groups.length > 0 ? `it may export ${groups.map((id) => `Group/${id}`).join(', ')}` : 'it may export none'
  const wanted = level === 'group' ? `Group/${group}` : 'more than a group'
  throw new Problem('forbidden', `Cannot export ${wanted}: the practice permits this app some groups only; ${allowed}`)
}

/** What an export may see now; rejects where its client may not make it any more, whatever it sees. */
export async function seeOf(
  face: Pick<ExportFace, 'rulesOf'>,
  practice: Practice,
  { principal, request }: Pick<Export, 'principal' | 'request'>,
): Promise<See> {
  const exporter = await exporterOf(face, practice, principal)
  checkCohort(exporter, request)
  return exporter.see
}

/** Throws where any of it would not be exported now (A3: the scopes of the token cover all that goes out). */
export function checkExport(exporter: Exporter, request: ExportRequest) {
  checkCohort(exporter, request)
  for (const type of request.types) checkMayExport(exporter, type)
}
