/**
 * Floor of writes: a bare route whose requests of the same moment become one INSERT of unnested arrays a table, in one
 * statement that is on the disk when it answers. The rows are those of charthouse (values ready as text), in the same
 * tables, of a practice of their own. `node joined-insert.ts DATABASE_URL PRACTICE`
 */
import { randomBytes } from 'node:crypto'
import Fastify from 'fastify'
import pg from 'pg'
import { listen } from './listen.ts'

const templates = 1000
const underWayAtMost = 2
const ownPractice = 1_000_000_000

const [, , url = '', practice = ''] = process.argv
const pool = new pg.Pool({ connectionString: url, max: underWayAtMost })
const tables = ['resource', 'index_token', 'index_string', 'index_number', 'index_date']

interface Table {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Rows of each template as text. */
  readonly rows: ReadonlyMap<string, (string | null)[][]>
}

const { rows: chosen } = await pool.query<{ rid: string; body: string }>(
  `select rid, body from resource where practice = $1 and id ~ '^o[0-9]+-' order by md5(id) limit ${templates}`,
  [practice],
)
const read = new Map<string, Table>()
for (const table of tables) {
  const { rows: columns } = await pool.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [table],
  )
  const { rows } = await pool.query<(string | null)[]>({
    text: `select rid::text, ${columns.map(({ name }) => `${name}::text`)} from ${table} where practice = $1 and rid = any($2)`,
    values: [practice, chosen.map(({ rid }) => rid)],
    rowMode: 'array',
  })
  const ofRid = new Map<string, (string | null)[][]>()
  for (const [rid, ...values] of rows) {
    const list = ofRid.get(rid as string)
    if (list) list.push(values)
    else ofRid.set(rid as string, [values])
  }
  if (rows.length > 0) read.set(table, { columns, rows: ofRid })
}

const isArray = (type: string) => type.endsWith('[]')
let parameters = 0
const inserts = [...read].map(([table, { columns }]) => {
  const names = columns.map(({ name }) => name)
  const arrays = columns.map(({ type }) => `$${++parameters}::${isArray(type) ? 'text' : type}[]`)
  const taken = columns.map(({ name, type }) => (isArray(type) ? `${name}::${type}` : name))
  return `insert into ${table} (${names}) select ${taken} from unnest(${arrays}) as rows (${names})`
})
const text = `with ${inserts.map((insert, i) => `t${i} as (${insert})`).join(', ')} select 1`

let nextRid = Date.now() * 1000
let nextTemplate = 0

/** The arrays of one statement: rows of as many templates, each under a key of its own. */
function valuesOf(count: number): (string | null)[][] {
  const own = Array.from({ length: count }, () => ({
    rid: chosen[nextTemplate++ % chosen.length]?.rid ?? '',
    practice: String(ownPractice),
    fresh: String(nextRid++),
    key: randomBytes(8).readBigInt64BE().toString(),
  }))
  return [...read.values()].flatMap(({ columns, rows }) => {
    const arrays: (string | null)[][] = columns.map(() => [])
    for (const { rid, fresh, key } of own)
      for (const row of rows.get(rid) ?? [])
        columns.forEach(({ name }, i) => {
          const value =
            name === 'practice' ? String(ownPractice) : name === 'rid' ? fresh : name === 'key' ? key : row[i]
          arrays[i]?.push(value ?? null)
        })
    return arrays
  })
}

let waiting: { resolve: () => void; reject: (error: unknown) => void }[] = []
let underWay = 0
let isPlanned = false

function plan() {
  if (isPlanned || underWay >= underWayAtMost || waiting.length === 0) return
  isPlanned = true
  setImmediate(async () => {
    isPlanned = false
    const batch = waiting
    waiting = []
    underWay++
    try {
      await pool.query({ name: 'insert', text, values: valuesOf(batch.length) })
      for (const { resolve } of batch) resolve()
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    underWay--
    plan()
  })
}

const server = Fastify()
server.addContentTypeParser('application/fhir+json', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
server.post('/insert', async (_, reply) => {
  await new Promise<void>((resolve, reject) => {
    waiting.push({ resolve, reject })
    plan()
  })
  return reply.code(201).type('application/fhir+json; charset=utf-8').send(chosen[0]?.body)
})
await listen(server)
