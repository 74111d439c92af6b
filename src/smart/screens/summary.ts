import { parseScopes } from '#access'
import { groupOf, type RecordGroup, recordGroups } from './record-groups.ts'
import type { Texts } from './texts.ts'

/** What scopes let an app see, in the names of the groups. */
export function summaryOf(scope: string, texts: Texts): string {
  const { resources } = parseScopes(scope)
  const all = Object.keys(recordGroups) as RecordGroup[]
  const groups = resources.flatMap(({ type }) => (type === '*' ? all : [groupOf(type)]))
  const named = new Set(groups)
  if (all.every((group) => named.has(group))) return texts.myApps.everything
  return [...named].map((group) => texts.groups[group]).join(', ')
}
