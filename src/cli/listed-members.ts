/** From what a person lists, ids or identifiers, to references of resources that are stored. */
import { readFileSync } from 'node:fs'
import { seeAll } from '#access'
import { isId, parseReference, parseSearch } from '#fhir'
import { Problem } from '#lib'
import type { Store } from '#store'
import { csvRows } from './csv.ts'

/** A name for somebody: an id, `Type/id`, or an identifier as system|value; and where it was found. */
interface Listed {
  readonly name: string
  readonly where: string
}

export interface MemberLists {
  readonly member?: readonly string[]
  readonly file?: string
  readonly column?: string
}

/** Each once; throws Problem 'incorrect' that tells where somebody is listed who is not stored. */
export async function listedMembers(store: Store, { member = [], file, column }: MemberLists): Promise<string[]> {
  const listed = [
    ...member.map((name) => ({ name, where: `--member ${name}` })),
    ...(file === undefined ? [] : listedIn(file, column)),
  ]
  const references = new Set<string>()
  const faults: string[] = []
  for (let i = 0; i < listed.length; i += atOnce) {
    const found = await Promise.all(listed.slice(i, i + atOnce).map((one) => referenceOf(store, one)))
    for (const one of found) {
      if ('reference' in one) references.add(one.reference)
      else faults.push(one.fault)
    }
  }
  if (faults.length === 0) return [...references]
  const more = faults.length > mostTold ? `\n… and ${faults.length - mostTold} more` : ''
  throw new Problem('incorrect', `Nothing is changed:\n${faults.slice(0, mostTold).join('\n')}${more}`)
}

const atOnce = 50
const mostTold = 20

/** In a file lines are told by their number: their content may say who somebody is. */
function listedIn(file: string, column: string | undefined): Listed[] {
  const rows = csvRows(textOf(file))
  const place = column === undefined ? 0 : (rows[0]?.fields.indexOf(column) ?? -1)
  if (place < 0) {
    const there = rows[0]?.fields.join(', ') ?? 'nothing'
    throw new Problem('incorrect', `${file} has no column "${column}"; its first line says ${there}`)
  }
  return rows.slice(column === undefined ? 0 : 1).flatMap(({ line, fields }) => {
    const name = fields[place] ?? ''
    return name === '' ? [] : [{ name, where: `${file}, line ${line}` }]
  })
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Problem('incorrect', `${file} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

type Found = { readonly reference: string } | { readonly fault: string }

async function referenceOf(store: Store, { name, where }: Listed): Promise<Found> {
  if (name.includes('|')) return identified(store, name, where)
  const parsed = parseReference(isId(name) ? `Patient/${name}` : name)
  if (parsed.kind !== 'relative') {
    return { fault: `${where}: neither an id, nor Type/id, nor an identifier written system|value` }
  }
  const { state } = await store.read(seeAll, parsed.type, parsed.id)
  const reference = `${parsed.type}/${parsed.id}`
  return state === 'current' ? { reference } : { fault: `${where}: no ${parsed.type} of this id is stored` }
}

async function identified(store: Store, identifier: string, where: string): Promise<Found> {
  const value = identifier.replace(/[\\,$]/g, '\\$&')
  const asked = parseSearch({
    types: ['Patient'],
    parameters: [['identifier', value]],
    handling: 'strict',
    zone: 'UTC',
    bases: [],
    defaultCount: 2,
    maximumCount: 2,
  })
  const { matches } = await store.search(seeAll, asked)
  const [match] = matches
  if (match && matches.length === 1) return { reference: `Patient/${match.id}` }
  return { fault: `${where}: ${matches.length === 0 ? 'no Patient has' : 'several Patients have'} this identifier` }
}
