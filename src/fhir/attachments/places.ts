/**
 * Where resources hold attachments (https://hl7.org/fhir/R4/datatypes.html#Attachment), by R4's definitions: for each type
 * the members on the way to one. Extensions may hold one anywhere and are told by the member's name, `valueAttachment`.
 */
import { valueAt } from '#lib'
import { elementRules, jsonNameOf } from '../definitions/structures.ts'

/** Members of a type that are attachments or lead to some, each with the type of its value. */
export type Places = ReadonlyMap<string, string>

const places = new Map<string, Places>()
const nowhere: Places = new Map()

/** A contained resource counts with its own type's places; what is no type of R4 has none. */
export function placesOf(type: string): Places {
  const known = places.get(type)
  if (known) return known
  if (!elementRules(type)) return nowhere // and is not kept: it may be any text
  const made = new Map(membersOf(type).filter(([, valueType]) => leadsToOne(valueType)))
  places.set(type, made)
  return made
}

/** A text without this holds no extension that is an attachment. */
export const attachmentExtension = 'valueAttachment'

/** Whether a URL is to be read below the base of its server; what begins with # stands in the resource itself. */
export function isRelativeUrl(url: unknown): url is string {
  return typeof url === 'string' && url !== '' && !/^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(url)
}

/** Names in JSON with the types of their values, but for extensions. */
function membersOf(type: string): [name: string, valueType: string][] {
  const elements = elementRules(type) ?? []
  return elements
    .flatMap((element) => element.types.map((name): [string, string] => [jsonNameOf(element, name), name]))
    .filter(([, valueType]) => valueType !== 'Extension')
}

const leading = new Map<string, boolean>()

function leadsToOne(type: string): boolean {
  return valueAt(leading, type, () => {
    const reached = new Set([type])
    for (const each of reached) {
      if (each === 'Attachment' || each === 'Resource') return true
      for (const [, valueType] of membersOf(each)) reached.add(valueType)
    }
    return false
  })
}
