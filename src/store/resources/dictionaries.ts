/**
 * The units and texts that occur at a practice. They are added before the rows that use them and never removed, so a
 * process may remember which it has added: one that nobody uses does no harm.
 */
import { type Database, sql } from '#db'
import { int8Text } from '../hash.ts'
import type { IndexRows } from '../index/rows.ts'

const mostRemembered = 200_000

export class Dictionaries {
  readonly #db: Database
  readonly #practice: number
  readonly #known = new Set<string>()

  constructor(db: Database, practice: number) {
    this.#db = db
    this.#practice = practice
  }

  async add(rows: readonly IndexRows[]): Promise<void> {
    if (this.#known.size > mostRemembered) this.#known.clear()
    await this.#addUnits(rows)
    await this.#addTexts(rows)
  }

  async #addUnits(rows: readonly IndexRows[]) {
    const fresh = this.#fresh(
      rows.flatMap(({ units }) => units),
      ({ unit }) => `u${unit}`,
    )
    if (fresh.size === 0) return
    const units = [...fresh.values()].sort((one, other) => one.unit - other.unit)
    await this.#db.run(sql`
      insert into unit (practice, unit, system, code, text)
      select ${this.#practice}::int4, * from unnest(
        ${units.map(({ unit }) => unit)}::int4[], ${units.map(({ system }) => system)}::text[],
        ${units.map(({ code }) => code)}::text[], ${units.map(({ text }) => text)}::text[])
      on conflict do nothing
    `)
    for (const name of fresh.keys()) this.#known.add(name)
  }

  async #addTexts(rows: readonly IndexRows[]) {
    const fresh = this.#fresh(
      rows.flatMap(({ texts }) => texts),
      (text) => int8Text(text),
    )
    if (fresh.size === 0) return
    const texts = [...fresh].sort(([one], [other]) => (one < other ? -1 : 1))
    await this.#db.run(sql`
      insert into token_text (practice, tok, src, text)
      select ${this.#practice}::int4, * from unnest(
        ${texts.map(([tok]) => tok)}::int8[], ${texts.map(([, { source }]) => source)}::int4[],
        ${texts.map(([, { text }]) => text)}::text[])
      on conflict do nothing
    `)
    for (const name of fresh.keys()) this.#known.add(name)
  }

  #fresh<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T> {
    const fresh = new Map<string, T>()
    for (const item of items) {
      const name = nameOf(item)
      if (!this.#known.has(name)) fresh.set(name, item)
    }
    return fresh
  }
}
