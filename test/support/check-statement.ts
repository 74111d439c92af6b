/** specs/scale.md part 3: a statement that touches a table of scope `practice` says of which practice. */
import { tables } from '#db'

const practiceTables = Object.entries(tables).flatMap(([name, scope]) => (scope === 'practice' ? [name] : []))
const table = `(${practiceTables.join('|')})`
const alias = '(?:\\s+(?:as\\s+)?([a-z_][a-z0-9_]*))'
const reading = new RegExp(`\\b(?:from|join|update|using)\\s+(?:only\\s+)?${table}\\b(?!\\s*[.(])${alias}?`, 'g')
const listed = new RegExp(`,\\s*${table}${alias}`, 'g') // from a, resource as r; columns have names of tables, too
const filling = new RegExp(`\\b(?:insert into|copy)\\s+${table}\\b\\s*(?:\\(\\s*([a-z_]+))?`, 'g')
const notAliases = new Set([
  'from',
  'where',
  'set',
  'join',
  'left',
  'cross',
  'on',
  'order',
  'union',
  'for',
  'using',
  'group',
  'limit',
  'as',
])

/** What is wrong with a statement; undefined when nothing is. */
export function statementFault(statement: string): string | undefined {
  const text = statement
    .replace(/--.*$/gm, ' ')
    .replace(/'[^']*'/g, "''")
    .toLowerCase()
  for (const [, name, column] of text.matchAll(filling)) {
    if (column !== 'practice') return `${name} is filled without its practice first`
  }
  const uses = new Map<string, { name: string; count: number }>()
  const listedUses = [...text.matchAll(listed)].filter(([, , given = '']) => !notAliases.has(given))
  for (const [, name = '', given = ''] of [...text.matchAll(reading), ...listedUses]) {
    const known = notAliases.has(given) || given === '' ? name : given
    uses.set(known, { name, count: (uses.get(known)?.count ?? 0) + 1 })
  }
  for (const [known, { name, count }] of uses) {
    const bound = [...text.matchAll(boundBy(known, name))].length
    if (bound < count)
      return `${name}${known === name ? '' : ` (${known})`} is touched ${count} times, its practice is said ${bound} times`
  }
  return undefined
}

/** `practice = $1` alone counts for a table without an alias. */
function boundBy(known: string, name: string): RegExp {
  const subject = known === name ? `(?:(?<![.\\w])|\\b${known}\\.)` : `\\b${known}\\.`
  const alone = known === name ? '' : '|(?<![.\\w])practice = \\$\\d+'
  return new RegExp(`(?:${subject}practice = (?:\\$\\d+|[a-z_][a-z0-9_]*\\.practice)\\b${alone})`, 'g')
}

const faultless = new Set<string>()

/** Throws at a statement with a fault; what runs often is looked at once. */
export function checkStatement(statement: string): void {
  if (faultless.has(statement)) return
  const fault = statementFault(statement)
  if (fault !== undefined) throw new Error(`${fault}: ${statement}`)
  faultless.add(statement)
}
