/**
 * SQL as a nestable tagged template: values become parameters, pieces made by the tag are joined in.
 * `sql` is the only way to make a statement, so text from outside never becomes SQL.
 */

const brand = Symbol('sql')

export interface Sql {
  readonly [brand]: true
  readonly strings: readonly string[]
  readonly values: readonly unknown[]
}

export function sql(strings: TemplateStringsArray, ...values: unknown[]): Sql {
  return { [brand]: true, strings, values }
}

/** A name from our own lists (a table, a column), never from outside. */
export function name(text: string): Sql {
  if (!/^[a-z_][a-z0-9_.]*$/.test(text)) throw new TypeError(`"${text}" is not a name of ours`)
  return { [brand]: true, strings: [text], values: [] }
}

/** Pieces joined by AND, each in parentheses; no piece: true. */
export function and(pieces: readonly Sql[]): Sql {
  return pieces.length === 0
    ? sql`true`
    : join(
        pieces.map((piece) => sql`(${piece})`),
        ' and ',
      )
}

/** Pieces joined by OR, each in parentheses; no piece: false. */
export function or(pieces: readonly Sql[]): Sql {
  return pieces.length === 0
    ? sql`false`
    : sql`(${join(
        pieces.map((piece) => sql`(${piece})`),
        ' or ',
      )})`
}

export function join(pieces: readonly Sql[], separator: string): Sql {
  const strings = ['', ...pieces.slice(1).map(() => separator), '']
  return { [brand]: true, strings, values: pieces }
}

/** The text with $1, $2 … and the values in that order; the same value object is sent once. */
export function toQuery(statement: Sql): { text: string; values: unknown[] } {
  const values: unknown[] = []
  let text = ''
  function add(piece: Sql) {
    for (let i = 0; i < piece.strings.length; i++) {
      text += piece.strings[i]
      if (i >= piece.values.length) continue
      const value = piece.values[i]
      if (isSql(value)) add(value)
      else text += `$${values.push(value)}`
    }
  }
  add(statement)
  return { text, values }
}

function isSql(value: unknown): value is Sql {
  return typeof value === 'object' && value !== null && brand in value
}
