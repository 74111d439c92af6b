/**
 * JSON Patch, on text: what an operation does not name keeps every letter, `1.50` too.
 * https://www.rfc-editor.org/rfc/rfc6902
 */
import { isDeepStrictEqual } from 'node:util'
import { Problem } from '#lib'
import { itemSpans, memberSpan, nextToken, valueEnd } from '../model/json-text.ts'
import { readJson } from '../model/read-json.ts'
import { effort } from './effort.ts'
import { insertItem, memberAt, removeItem, removeMember, replaceValue, setMember } from './text-edits.ts'
import { unreadable } from './unreadable.ts'

const kinds = ['add', 'remove', 'replace', 'move', 'copy', 'test'] as const

interface Operation {
  readonly op: (typeof kinds)[number]
  readonly path: Pointer
  readonly from: Pointer
  /** JSON text. */
  readonly value: string
}

/** https://www.rfc-editor.org/rfc/rfc6901 */
interface Pointer {
  readonly text: string
  readonly tokens: readonly string[]
}

/** The resource after all operations; throws Problem 'incorrect' for what is no patch, 'invalid' for one that fails. */
export function jsonPatch(text: string, patch: string): string {
  const { spend } = effort()
  return readOperations(patch).reduce((patched, operation, index) => {
    try {
      return spend(apply(patched, operation))
    } catch (problem) {
      if (!(problem instanceof Failure)) throw problem
      const { op, path } = operation
      const name = `operation ${index + 1} (${op} ${JSON.stringify(path.text)})`
      throw new Problem('invalid', `Cannot apply the patch: in ${name} ${problem.message}`, { cause: problem })
    }
  }, text)
}

/** Why an operation cannot be done. */
class Failure extends Error {}

function apply(text: string, { op, path, from, value }: Operation): string {
  switch (op) {
    case 'add':
      return add(text, path, value)
    case 'remove':
      return remove(text, path)
    case 'replace':
      return replaceValue(text, startOf(text, path.tokens), value)
    case 'move':
      if (path.text.startsWith(`${from.text}/`)) throw new Failure('a value would move into itself')
      return add(remove(text, from), path, valueAt(text, from))
    case 'copy':
      return add(text, path, valueAt(text, from))
    case 'test':
      if (isDeepStrictEqual(JSON.parse(valueAt(text, path)), JSON.parse(value))) return text
      throw new Failure('the value there is another one')
  }
}

function add(text: string, { tokens }: Pointer, value: string): string {
  const last = tokens.at(-1)
  if (last === undefined) return value
  const holder = startOf(text, tokens.slice(0, -1))
  if (text[holder] === '{') return setMember(text, holder, last, value)
  const length = itemsAt(text, holder).length
  const index = last === '-' ? length : indexOf(last)
  if (index === undefined || index > length) throw new Failure(`"${last}" is no place in an array of ${length}`)
  return insertItem(text, holder, index, value)
}

function remove(text: string, { tokens }: Pointer): string {
  const last = tokens.at(-1)
  if (last === undefined) throw new Failure('nothing would be left')
  startOf(text, tokens)
  const holder = startOf(text, tokens.slice(0, -1))
  return text[holder] === '{' ? removeMember(text, holder, last) : removeItem(text, holder, Number(last))
}

function valueAt(text: string, { tokens }: Pointer): string {
  const start = startOf(text, tokens)
  return text.slice(start, valueEnd(text, start))
}

/** Where the value starts to which these tokens lead. */
function startOf(text: string, tokens: readonly string[]): number {
  let at = nextToken(text, 0)
  tokens.forEach((token, depth) => {
    const next = text[at] === '{' ? memberStart(text, at, token) : itemStart(text, at, token)
    if (next === undefined) throw new Failure(`there is nothing at /${tokens.slice(0, depth + 1).join('/')}`)
    at = next
  })
  return at
}

function memberStart(text: string, object: number, key: string): number | undefined {
  return memberSpan(text, key, object)?.valueStart
}

function itemStart(text: string, array: number, token: string): number | undefined {
  const index = indexOf(token)
  return index === undefined || text[array] !== '[' ? undefined : itemsAt(text, array)[index]?.start
}

function itemsAt(text: string, start: number) {
  if (text[start] !== '[') throw new Failure('what should hold the value is neither an object nor an array')
  return itemSpans(text, start)
}

function indexOf(token: string): number | undefined {
  return /^(?:0|[1-9]\d{0,8})$/.test(token) ? Number(token) : undefined
}

function readOperations(patch: string): readonly Operation[] {
  const parsed = readJson(patch)
  if (!Array.isArray(parsed)) throw unreadable('it is no JSON array of operations')
  const spans = itemSpans(patch)
  return parsed.map((given: unknown, index) => readOperation(given, index, patch, spans[index]?.start ?? 0))
}

function readOperation(given: unknown, index: number, patch: string, start: number): Operation {
  const name = `operation ${index + 1}`
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw unreadable(`${name} is no object`)
  const { op: asked, path, from } = given as { op?: unknown; path?: unknown; from?: unknown }
  const op = kinds.find((kind) => kind === asked)
  if (!op) throw unreadable(`${name} has no "op" that is one of ${kinds.join(', ')}`)
  const span = memberAt(patch, start, 'value')
  const needsValue = op === 'add' || op === 'replace' || op === 'test'
  if (needsValue && !span) throw unreadable(`${name} has no "value"`)
  return {
    op,
    path: pointer(path, `the "path" of ${name}`),
    from: op === 'move' || op === 'copy' ? pointer(from, `the "from" of ${name}`) : nowhere,
    value: span ? patch.slice(span.valueStart, span.valueEnd) : '',
  }
}

const nowhere: Pointer = { text: '', tokens: [] }

function pointer(text: unknown, name: string): Pointer {
  if (typeof text !== 'string' || !/^(?:\/(?:[^~/]|~[01])*)*$/.test(text)) {
    throw unreadable(`${name} is no JSON Pointer such as /name/0/family`)
  }
  const tokens = text.split('/').slice(1)
  return { text, tokens: tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~')) }
}
