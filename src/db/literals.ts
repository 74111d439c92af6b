import pg from 'pg'
import { type Sql, toQuery } from './sql.ts'

const { escapeLiteral } = pg

/** The statement with its values in place: COPY takes no parameters. */
export function withLiterals(statement: Sql): string {
  const { text, values } = toQuery(statement)
  return text.replaceAll(/\$(\d+)/g, (_, number) => literal(values[Number(number) - 1]))
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number' && Number.isFinite(value)) return value < 0 ? `(${value})` : String(value)
  if (typeof value === 'string') return escapeLiteral(value)
  if (Array.isArray(value)) return escapeLiteral(`{${value.map(element).join(',')}}`)
  throw new TypeError(`a value of type ${typeof value} has no literal here`)
}

function element(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  return `"${String(value).replaceAll(/["\\]/g, '\\$&')}"`
}
