/**
 * A resource may stand in the input several times. So that the last version of each is the one that stays, and the same
 * input loaded again changes nothing, a first quick look through the input finds what stands in more than one text: its
 * older versions are then passed over. Names are kept in a filter of fixed size (Bloom 1970), so memory does not grow with
 * the input; what the filter takes wrongly for known costs a line in a map and changes nothing.
 */
import { derivedId } from './entry-ids.ts'
import type { Text } from './reading/texts.ts'

export interface LastVersions {
  /** By Type/id, the number of the text where it stands last; only of what stands in more than one. */
  readonly last: ReadonlyMap<string, number>
  look(text: Text, number: number): void
}

const mostKept = 1_000_000
export function lastVersions(inputBytes: number): LastVersions {
  const seen = filter(inputBytes)
  const last = new Map<string, number>()
  const note = (text: Buffer, name: Name, number: number) => {
    if (!seen.hasOrAdd(text, name)) return
    const key = `${text.toString('latin1', name.type, name.typeEnd)}/${text.toString('latin1', name.id, name.idEnd)}`
    if (last.has(key) || last.size < mostKept) last.set(key, number)
  }
  return {
    last,
    look({ bytes }, number) {
      if (!(bytes instanceof Buffer)) return
      // Nearly always the name stands first; Bundles, and resources that begin otherwise, are read as JSON.
      const name = nameAtStart(bytes)
      if (name) return note(bytes, name, number)
      for (const { type, id } of namesWithin(bytes)) {
        const key = Buffer.from(`${type}/${id}`)
        note(key, { type: 0, typeEnd: type.length, id: type.length + 1, idEnd: key.length }, number)
      }
    },
  }
}

/** Where a type and an id stand in a text. */
interface Name {
  readonly type: number
  readonly typeEnd: number
  readonly id: number
  readonly idEnd: number
}

const start = Buffer.from('{"resourceType":"')
const between = Buffer.from('","id":"')
const quote = 0x22

/** The name that a resource without white space begins with; undefined for any other text, and for a Bundle. */
function nameAtStart(text: Buffer): Name | undefined {
  if (text.length < 128 || text.compare(start, 0, start.length, 0, start.length) !== 0) return undefined
  const type = start.length
  const typeEnd = text.indexOf(quote, type)
  const id = typeEnd + between.length
  if (text.compare(between, 0, between.length, typeEnd, id) !== 0) return undefined
  if (text.toString('latin1', type, typeEnd) === 'Bundle') return undefined
  return { type, typeEnd, id, idEnd: text.indexOf(quote, id) }
}

interface Json {
  readonly [member: string]: unknown
}

/** What a text holds, by type and id; nothing where it can't be read, which the loading will tell. */
function namesWithin(text: Buffer): { type: string; id: string }[] {
  try {
    const json = JSON.parse(text.toString()) as Json
    if (json.resourceType !== 'Bundle') return [{ type: String(json.resourceType), id: String(json.id) }]
    return (json.entry as Json[]).map(nameOfEntry)
  } catch {
    return []
  }
}

function nameOfEntry(entry: Json): { type: string; id: string } {
  const { resource, request, fullUrl } = entry as { resource?: Json; request?: Json; fullUrl?: string }
  const [, type = '', id = ''] = /^\/?(\w+)\/([^/?]+)$/.exec(String(request?.url)) ?? []
  if (!resource || id !== '') return { type, id }
  const own = resource.id ?? derivedId({ index: 0, method: 'POST', url: '', ...(fullUrl !== undefined && { fullUrl }) })
  return { type: String(resource.resourceType), id: String(own) }
}

/** Remembers names in a fixed number of bits: never forgets one, and seldom takes a new one for known. */
function filter(inputBytes: number) {
  const bits = 2 ** Math.min(28, Math.max(20, Math.ceil(Math.log2(inputBytes / 4 + 1))))
  const words = new Uint32Array(bits / 32)
  const hasOrAdd = (text: Buffer, name: Name): boolean => {
    const first = hash(text, name, 0x811c9dc5)
    const second = hash(text, name, 0x9747b28c) | 1
    let isKnown = true
    for (let probe = 0; probe < 4; probe++) {
      const bit = ((first + Math.imul(probe, second)) >>> 0) & (bits - 1)
      const mask = 1 << (bit & 31)
      const word = words[bit >>> 5] as number
      if ((word & mask) === 0) {
        isKnown = false
        words[bit >>> 5] = word | mask
      }
    }
    return isKnown
  }
  return { hasOrAdd }
}

/** FNV-1a of the type and the id, with a last mixing. */
function hash(text: Buffer, name: Name, seed: number): number {
  let value = seed
  for (let at = name.type; at < name.typeEnd; at++) value = Math.imul(value ^ (text[at] as number), 0x01000193)
  value = Math.imul(value ^ 0x2f, 0x01000193)
  for (let at = name.id; at < name.idEnd; at++) value = Math.imul(value ^ (text[at] as number), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  return (value ^ (value >>> 13)) >>> 0
}
