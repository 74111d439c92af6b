import type { Bench } from '../bench.ts'
import { type DataSet, observations, synthea810 } from '../data/data-sets.ts'
import { databaseOf, jsonBytes } from '../data/prepared.ts'
import type { Line, Row } from '../row.ts'

export const disk: Row = {
  name: 'disk',
  async *measure(bench) {
    const { size, isSmall } = bench.options
    yield* diskOf(bench, observations(size), 1.8)
    const synthea = synthea810(isSmall ? size : undefined)
    if (synthea) return yield* diskOf(bench, synthea, 2.3)
    bench.say('SKIPPED: synthea-810 of row "disk" needs ../shared/data/synthea')
    yield { work: 'bytes on disk of synthea-810', against: 'the JSON', note: 'skipped: needs ../shared/data/synthea' }
  },
}

interface Relation {
  readonly name: string
  readonly kind: 'table' | 'index'
  readonly bytes: string
}

/** The whole first, then each table and index. */
async function* diskOf(bench: Bench, dataSet: DataSet, atMost: number): AsyncGenerator<Line> {
  bench.say(`Data set ${dataSet.name} …`)
  const client = await bench.cluster.connect(await databaseOf(bench, dataSet))
  const { rows: relations } = await client.query<Relation>(`
    select relname as name, 'table' as kind, pg_table_size(oid) as bytes
    from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
    union all
    select indexrelid::regclass::text, 'index', pg_relation_size(indexrelid)
    from pg_index join pg_class t on t.oid = indrelid where t.relnamespace = 'public'::regnamespace
    order by bytes desc`)
  const { rows: counted } = await client.query<{ count: string }>('select count(*) from resource')
  await client.end()
  const json = await jsonBytes(bench, dataSet)
  const bytes = relations.reduce((sum, one) => sum + Number(one.bytes), 0)
  const count = Number(counted[0]?.count)
  yield {
    work: `bytes on disk of ${dataSet.name}`,
    against: 'the JSON',
    ratio: bytes / json,
    reach: { atMost },
    note: `${count.toLocaleString('en-US')} resources of ${Math.round(json / count)} B JSON, ${Math.round(bytes / count)} B on disk`,
  }
  const isLarge = (relation: Relation) => Number(relation.bytes) > bytes / 200
  for (const relation of relations.filter(isLarge)) {
    yield partOf(`${relation.kind} ${relation.name}`, Number(relation.bytes))
  }
  const others = relations.filter((relation) => !isLarge(relation)).reduce((sum, one) => sum + Number(one.bytes), 0)
  yield partOf('all others', others)

  function partOf(about: string, partBytes: number): Line {
    const note = `${Math.round(partBytes / count)} B a resource`
    return { work: `– ${about}`, against: 'the JSON', ratio: partBytes / json, note }
  }
}
