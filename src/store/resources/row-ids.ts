import { type Database, sql } from '#db'

const blockSize = 1000 // the sequence's increment

/** Server keys in ascending order: whole blocks are taken from the sequence. */
export class RowIds {
  readonly #db: Database
  #next = 0
  #end = 0

  constructor(db: Database) {
    this.#db = db
  }

  async take(count: number): Promise<number[]> {
    const taken: number[] = []
    while (taken.length < count) {
      while (this.#next < this.#end && taken.length < count) taken.push(this.#next++)
      if (taken.length < count) await this.#refill()
    }
    return taken
  }

  async #refill() {
    const row = await this.#db.maybeOne<{ block: string }>(sql`select nextval('resource_rid') as block`)
    this.#next = Number(row?.block)
    this.#end = this.#next + blockSize
  }
}
