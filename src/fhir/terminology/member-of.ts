import { type Code, expandRule } from './expand.ts'
import { type Missing, missingFor } from './missing.ts'
import type { Part, ValueSetRule } from './tables.ts'
import type { Terminology } from './terminology.ts'

export type Membership =
  | { readonly state: 'in'; readonly code: Code }
  | { readonly state: 'out' }
  /** It is in none of the parts that are here, and these are not. */
  | { readonly state: 'unknown'; readonly missing: readonly Missing[] }

/** Of a code without a system the first of the set with these letters is meant. */
export interface AskedCode {
  readonly system?: string
  readonly code: string
}

/** Whether a code is in a value set; a part that includes it tells so, whatever else is missing. */
export function memberOf(rule: ValueSetRule, asked: AskedCode, terminology: Terminology): Membership {
  const excluded = lookIn(rule.exclude ?? [], asked, terminology)
  if (excluded.code) return { state: 'out' }
  const included = lookIn(rule.include, asked, terminology)
  const missing = [...(included.code ? [] : included.missing), ...excluded.missing]
  if (missing.length > 0 && (included.code || included.missing.length > 0)) return { state: 'unknown', missing }
  return included.code ? { state: 'in', code: included.code } : { state: 'out' }
}

function lookIn(parts: readonly Part[], asked: AskedCode, terminology: Terminology) {
  const missing: Missing[] = []
  for (const part of parts) {
    // a part of another system cannot hold the code, be it here or not
    if (asked.system !== undefined && part.system !== undefined && plain(part.system) !== asked.system) continue
    const rule = { include: [part] }
    const codes = part.system === undefined ? lookInSets(part, asked, terminology) : expandRule(rule, terminology)
    if (!codes) missing.push(...missingFor(rule, terminology))
    const code = codes?.find((each) => each.code === asked.code && (asked.system ?? each.system) === each.system)
    if (code) return { code, missing: [] }
  }
  return { code: undefined, missing }
}

/** Of a part that is sets alone each is looked through by itself, since it may be missing only in part. */
function lookInSets(part: Part, asked: AskedCode, terminology: Terminology): readonly Code[] | undefined {
  const [url, ...others] = part.sets ?? []
  const rule = url === undefined || others.length > 0 ? undefined : terminology.rule(url)
  const whole = expandRule({ include: [part] }, terminology)
  if (whole || !rule || missingFor(rule, terminology).some(({ kind }) => kind === 'circle')) return whole
  const found = memberOf(rule, asked, terminology)
  if (found.state === 'unknown') return undefined
  return found.state === 'in' ? [found.code] : []
}

function plain(canonical: string): string {
  return canonical.split('|')[0] ?? canonical
}
