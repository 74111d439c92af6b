/** FHIRPath Patch, on text: what an operation does not name keeps every letter. https://hl7.org/fhir/R4/fhirpatch.html */
import { itemSpans, nextToken, valueEnd } from '../model/json-text.ts'
import type { Expression } from '../search/expression.ts'
import { type Effort, effort } from './effort.ts'
import { memberOf, type Part, partsOf, plainValue } from './patch-values.ts'
import { type Place, Places, parsePath, refused } from './place.ts'
import { insertItem, memberAt, removeItem, removeMember, replaceValue, setMember } from './text-edits.ts'
import { unreadable } from './unreadable.ts'

interface Operation {
  readonly type: string
  readonly path: string
  readonly parts: ReadonlyMap<string, Part>
  /** The Parameters that it is in. */
  readonly text: string
}

/**
 * The resource after all operations of a Parameters resource of right structure; throws Problem 'invalid' for one that
 * cannot be done.
 */
export function fhirPathPatch(text: string, parameters: string): string {
  const effortOfAll = effort()
  const operations = partsOf(parameters, nextToken(parameters, 0), 'parameter').map((part) => read(part, parameters))
  return operations.reduce((patched, operation) => effortOfAll.spend(apply(patched, operation, effortOfAll)), text)
}

function read(part: Part, text: string): Operation {
  if (part.name !== 'operation') throw unreadable(`a parameter is named "${part.name}", and each is an "operation"`)
  const parts = new Map(partsOf(text, part.start).map((each) => [each.name, each]))
  const plain = (name: string) => {
    const found = parts.get(name)
    return found && plainValue(text, found)
  }
  const [type, path] = [plain('type'), plain('path')]
  if (typeof type !== 'string' || !Object.hasOwn(kinds, type)) {
    throw unreadable(`an operation has no "type" that is one of ${Object.keys(kinds).join(', ')}`)
  }
  if (typeof path !== 'string') throw unreadable('an operation has no "path"')
  return { type, path, parts, text }
}

type Kind = (text: string, operation: Operation, places: Places) => string

const kinds: Readonly<Record<string, Kind>> = { add, insert, delete: remove, replace, move }

function apply(text: string, operation: Operation, { look }: Effort): string {
  return kinds[operation.type]?.(text, operation, new Places(text, operation.path, look)) ?? text
}

function add(text: string, operation: Operation, places: Places): string {
  const name = plain(operation, 'name', 'string').replace(/\[x\]$/, '')
  const on = one(places.find(parsePath(operation.path)), operation)
  const rule = places.ruleOf(on, name)
  const { key, value } = memberOf(operation.text, partOf(operation, 'value'), rule)
  if (rule.isArray) return insertAt(text, { on, key, value, operation })
  if (places.children(on, name).length > 0) throw refused(operation.path, `it has "${name}" already: replace it`)
  return setMember(text, on.start, key, value)
}

function insert(text: string, operation: Operation, places: Places): string {
  const { on, name } = collection(operation, places)
  const rule = places.ruleOf(on, name)
  if (!rule.isArray) throw refused(operation.path, 'it is no list')
  const { key, value } = memberOf(operation.text, partOf(operation, 'value'), rule)
  return insertAt(text, { on, key, value, operation, index: plain(operation, 'index', 'number') })
}

interface Insertion {
  readonly on: Place
  readonly key: string
  readonly value: string
  readonly operation: Operation
  /** The end of the list unless given. */
  readonly index?: number
}

function insertAt(text: string, { on, key, value, operation, index }: Insertion): string {
  refuseCompanion(text, on, key, operation)
  const array = memberAt(text, on.start, key)
  const length = array ? itemSpans(text, array.valueStart).length : 0
  const at = index ?? length
  if (!Number.isInteger(at) || at < 0 || at > length)
    throw refused(operation.path, `${at} is no place in a list of ${length}`)
  return array ? insertItem(text, array.valueStart, at, value) : setMember(text, on.start, key, `[${value}]`)
}

/** What is not there is deleted already. */
function remove(text: string, operation: Operation, places: Places): string {
  const found = places.find(parsePath(operation.path))
  return found.length === 0 ? text : removePlace(text, one(found, operation), operation)
}

function removePlace(text: string, { start, holder }: Place, operation: Operation): string {
  if (!holder) throw refused(operation.path, 'the resource itself cannot be deleted by a patch')
  const on = { start: holder.start }
  if (holder.index === undefined)
    return removeMember(removeMember(text, on.start, holder.key), on.start, `_${holder.key}`)
  refuseCompanion(text, on, holder.key, operation)
  const array = memberAt(text, holder.start, holder.key)?.valueStart ?? start
  return itemSpans(text, array).length > 1
    ? removeItem(text, array, holder.index)
    : removeMember(text, on.start, holder.key)
}

function replace(text: string, operation: Operation, places: Places): string {
  const { start, holder } = one(places.find(parsePath(operation.path)), operation)
  if (!holder) throw refused(operation.path, 'the resource itself is replaced by an update')
  const on = { start: holder.start }
  const { key, value } = memberOf(operation.text, partOf(operation, 'value'), holder.rule)
  if (holder.index === undefined) {
    const without = removeMember(text, on.start, `_${holder.key}`)
    if (key === holder.key) return setMember(without, on.start, key, value)
    return setMember(removeMember(without, on.start, holder.key), on.start, key, value)
  }
  refuseCompanion(text, on, holder.key, operation)
  return replaceValue(text, start, value)
}

function move(text: string, operation: Operation, places: Places): string {
  const { on, name } = collection(operation, places)
  const items = places.children(on, name)
  const [source, destination] = [plain(operation, 'source', 'number'), plain(operation, 'destination', 'number')]
  const [item, target] = [items[source], items[destination]]
  if (!item?.holder || !target || item.holder.index === undefined) {
    throw refused(operation.path, `${source} and ${destination} are not both places in a list of ${items.length}`)
  }
  refuseCompanion(text, on, item.holder.key, operation)
  const array = memberAt(text, on.start, item.holder.key)?.valueStart ?? 0
  const value = text.slice(item.start, valueEnd(text, item.start))
  return insertItem(removeItem(text, array, source), array, destination, value)
}

/** The element that the path ends with, and the one place where it is looked for. */
function collection(operation: Operation, places: Places): { readonly on: Place; readonly name: string } {
  const expression: Expression = parsePath(operation.path)
  if (expression.kind !== 'member') throw refused(operation.path, 'it names no list')
  const on = expression.on ? one(places.find(expression.on), operation) : places.resource()
  return { on, name: expression.name }
}

function one([found, ...others]: readonly Place[], { path }: Operation): Place {
  if (!found) throw refused(path, 'there is nothing there')
  if (others.length > 0) throw refused(path, `it finds ${others.length + 1} elements, and one is wanted`)
  return found
}

/** Plain values of a list may have companions (`_given`) that stand in the same order. */
function refuseCompanion(text: string, { start }: Pick<Place, 'start'>, key: string, { path }: Operation) {
  if (!memberAt(text, start, `_${key}`)) return
  throw refused(path, `the items of "${key}" have extensions: use a JSON Patch, which names them`)
}

function partOf({ parts, type }: Operation, name: string): Part {
  const part = parts.get(name)
  if (!part) throw unreadable(`an operation of type ${type} has no "${name}"`)
  return part
}

function plain(operation: Operation, name: string, kind: 'string'): string
function plain(operation: Operation, name: string, kind: 'number'): number
function plain(operation: Operation, name: string, kind: 'string' | 'number'): unknown {
  const value = plainValue(operation.text, partOf(operation, name))
  if (typeof value === kind) return value
  throw unreadable(`"${name}" of an operation is no ${kind === 'number' ? 'integer' : 'string'}`)
}
