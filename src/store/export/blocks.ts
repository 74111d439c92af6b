/** Records by patient: of each the Patient first, then everything else of it that was noted, in the order in which it came. */
import { type Database, type Sql, sql } from '#db'
import { typeCode } from '#fhir'
import { where } from '../search/condition.ts'
import { Aliases } from '../search/scope.ts'
import { notHidden } from '../search/visible.ts'
import { isNoted } from './belongs.ts'
import { copyLines, type OnLine } from './copied-line.ts'
import type { ExportPlace } from './selection.ts'

export interface BlocksAsked extends Pick<ExportPlace, 'practice' | 'id' | 't'> {
  /** Keys of patients within (lo, hi]. */
  readonly lo: string
  readonly hi: string
  /** By type the labels that hide rows, as access says. */
  readonly hidden: ReadonlyMap<string, readonly string[]>
}

export async function blocksOf(db: Database, asked: BlocksAsked, onLine: OnLine, signal?: AbortSignal): Promise<void> {
  await copyLines(db, statement(asked), onLine, signal)
}

function statement(asked: BlocksAsked): Sql {
  const { t, practice, hidden } = asked
  const scope = { practice, type: '', row: sql`r`, isNarrow: true, see: () => undefined, where, aliases: new Aliases() }
  return sql`
    select r.patient as first, ${place} as second, r.mark is not null as marked, r.body, null::bytea as old
    from ${noted(asked)} and r.upd <= ${t}::int8 and ${notHidden(scope, hidden)}
    union all
    select r.patient, ${place}, false, null, r.body
    from resource_history r
    where ${ofPatients(asked)} and r.upd <= ${t}::int8 and r.replaced > ${t}::int8 and not r.deleted and ${isNoted(asked, sql`r`)}
      and ${notHidden({ ...scope, isPast: true }, hidden)}
    order by first, second`
}

const place = sql`case when r.rtype = ${typeCode('Patient')} then 0 else r.rid end`

function noted(asked: BlocksAsked): Sql {
  const { practice, id, t } = asked
  return sql`resource r
    join export_row n on n.practice = ${practice} and n.export = ${id} and n.t = ${t}::int8 and n.rtype = r.rtype and n.rid = r.rid
    where ${ofPatients(asked)}`
}

function ofPatients({ practice, lo, hi }: BlocksAsked): Sql {
  return sql`r.practice = ${practice} and r.patient > ${lo}::int8 and r.patient <= ${hi}::int8`
}
