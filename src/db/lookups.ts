/**
 * Look-ups by key, joined: all that a practice's requests ask in one turn of the event loop becomes one statement, so a
 * read with its token check is one statement and 64 reads at once are one statement too. Nothing is remembered between turns.
 */
import { valueAt } from '#lib'
import type { Steady } from './steady.ts'

/** A table that is looked up by key: `select` gives the key as text and up to five columns, and names $1 (practice) and $2 (keys). */
export interface LookupKind {
  readonly columns: readonly [key: string, a: string, b: string, c: string, d: string, e: string]
  readonly from: string
  /** SQL type of the keys. */
  readonly keyType: 'int8' | 'text'
  /** The column that is compared. */
  readonly keyColumn: string
}

/** a, b, c, d, e as text; what follows is of no use to others. */
export type LookupRow = readonly (string | null)[]

interface Waiting {
  readonly resolve: (row: LookupRow | undefined) => void
  readonly reject: (error: unknown) => void
}

type Batch = Map<LookupKind, Map<string, Waiting[]>>

const mostUnderWay = 1
const columnsOfRow = 5

export type Find = (practice: number, kind: LookupKind, key: string) => Promise<LookupRow | undefined>

export function openLookups(steady: Steady): Find {
  const practices = new Map<number, { batch: Batch; underWay: number; planned: boolean }>()

  function plan(practice: number, state: { batch: Batch; underWay: number; planned: boolean }) {
    if (state.planned || state.underWay >= mostUnderWay || state.batch.size === 0) return
    state.planned = true
    setImmediate(() => {
      state.planned = false
      const batch = state.batch
      state.batch = new Map()
      state.underWay++
      void ask(steady, practice, batch).finally(() => {
        state.underWay--
        if (state.batch.size > 0) plan(practice, state)
        else if (state.underWay === 0) practices.delete(practice)
      })
    })
  }

  return (practice, kind, key) =>
    new Promise((resolve, reject) => {
      const state = valueAt(practices, practice, () => ({ batch: new Map() as Batch, underWay: 0, planned: false }))
      const keys = valueAt(state.batch, kind, () => new Map())
      const waiting = keys.get(key)
      if (waiting) waiting.push({ resolve, reject })
      else keys.set(key, [{ resolve, reject }])
      plan(practice, state)
    })
}

async function ask(steady: Steady, practice: number, batch: Batch): Promise<void> {
  const kinds = [...batch]
  try {
    await steady(statementOf(practice, kinds), (row) => {
      const keys = kinds[Number(row[columnsOfRow + 1])]?.[1]
      for (const { resolve } of keys?.get(row[columnsOfRow] as string) ?? []) resolve(row)
    })
    // nothing comes of it where a row has come
    for (const { resolve } of waitingIn(kinds)) resolve(undefined)
  } catch (error) {
    for (const { reject } of waitingIn(kinds)) reject(error)
  }
}

function* waitingIn(kinds: readonly (readonly [LookupKind, Map<string, Waiting[]>])[]) {
  for (const [, keys] of kinds) for (const waiting of keys.values()) yield* waiting
}

const statements = new Map<string, { readonly name: string; readonly text: string }>()

/** One text for each combination of kinds. */
function statementOf(practice: number, kinds: readonly (readonly [LookupKind, Map<string, Waiting[]>])[]) {
  const { name, text } = valueAt(statements, kinds.map(([{ from }]) => from).join(), () => ({
    name: `lookup${statements.size}`,
    text: kinds.map(([kind], i) => selectOf(kind, i)).join(' union all '),
  }))
  return { name, text, values: [String(practice), ...kinds.map(([, keys]) => arrayText(keys.keys()))] }
}

/** As PostgreSQL reads an array of numbers or of hashes, which hold nothing that would have to be quoted. */
function arrayText(keys: Iterable<string>): string {
  return `{${[...keys].join()}}`
}

function selectOf(kind: LookupKind, index: number): string {
  const [key, ...columns] = kind.columns
  const list = [...columns.map((column) => `${column}::text`), `${key}::text`, `${index}`].join(', ')
  return `select ${list} from ${kind.from} where practice = $1 and ${kind.keyColumn} = any($${index + 2}::${kind.keyType}[])`
}
