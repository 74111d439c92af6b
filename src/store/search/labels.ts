/** Profiles, security labels and tags in use: they are kept as hashes, so they are read from the texts. */
import { type Database, sql } from '#db'
import type { See } from '../see.ts'
import type { Labels } from '../store.ts'
import { where } from './condition.ts'
import { visibleAmong } from './includes.ts'
import { Aliases, type Scope } from './scope.ts'

export async function labels(db: Database, practice: number, see: See, types: readonly string[]): Promise<Labels> {
  const aliases = new Aliases()
  const row = aliases.next()
  const scope: Scope = { practice, see, where, aliases, row, type: types[0] ?? '', isNarrow: true }
  const seen = visibleAmong(scope, row, types, new Set())
  if (!seen) return {}
  const found = await db.many<{ list: string; label: string | object }>(sql`
    select distinct list, jsonb_path_query(meta, ('$.' || list || '[*]')::jsonpath) as label
    from (
      select ${row}.body::jsonb -> 'meta' as meta from resource ${row}
      where ${row}.practice = ${practice} and ${seen}
    ) read, unnest(array['profile', 'security', 'tag']) list
    order by list, label`)
  return Object.fromEntries(
    [...Map.groupBy(found, ({ list }) => list)].map(([list, each]) => [list, each.map(({ label }) => label)]),
  )
}
