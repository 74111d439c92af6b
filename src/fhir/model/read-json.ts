import { Problem } from '#lib'
import { itemSpans, memberSpans, nextToken, stringEnd } from './json-text.ts'

const maximumDepth = 64

/**
 * The value of JSON that came from outside. Refuses what JSON.parse lets pass and others read differently or can't store:
 * a member given twice, nesting deeper than 64, the NUL character, half of a surrogate pair.
 */
export function readJson(text: string): unknown {
  const value = parse(text)
  const members = countMembers(value, 1)
  if (quickCount(text) !== members && countColons(text) !== members) throw duplicateMember(text, value)
  // What was decoded from UTF-8 is well formed: only an escape can bring NUL or half of a pair.
  if (text.includes('\\u')) assertStorable(value)
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // JSON.parse quotes the text around the fault, which may hold patient data: only the position is told.
    const position = /at position (\d+)/.exec(String(error))?.[1]
    const where =
      position === undefined ? 'it ends too early or holds something unexpected' : place(text, Number(position))
    throw new Problem('incorrect', `Cannot read the body: it is not JSON (${where})`, { issue: 'structure' })
  }
}

function place(text: string, position: number): string {
  const lines = text.slice(0, position).split('\n')
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
}

/**
 * Members in the text, or more when strings look like them (`":"`), or -1 when white space before colons prevents
 * counting by jumps. Never fewer, so a number equal to that of the parsed members means that none was given twice.
 */
function quickCount(text: string): number {
  let count = 0
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    const before = text.charCodeAt(at - 1)
    if (before === 0x22) count++
    else if (before <= 0x20) return -1
  }
  return count
}

/** Colons outside strings, which are exactly as many as members. */
function countColons(text: string): number {
  let colons = 0
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    if (code === 0x3a) colons++
    at = code === 0x22 ? stringEnd(text, at) : at + 1
  }
  return colons
}

function countMembers(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0
  if (depth > maximumDepth) throw tooDeep()
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object') count += countMembers(item, depth + 1)
    return count
  }
  for (const key in value) {
    count++
    const member = (value as Record<string, unknown>)[key]
    if (typeof member === 'object') count += countMembers(member, depth + 1)
  }
  return count
}

function assertStorable(value: unknown): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) throw notStorable()
  } else if (Array.isArray(value)) {
    for (const item of value) assertStorable(item)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      assertStorable(key)
      assertStorable(member)
    }
  }
}

function duplicateMember(text: string, value: unknown): Problem {
  const found = findDuplicate(text, nextToken(text, 0), rootName(value))
  const what =
    found && /^\w{1,64}$/.test(found.key) ? `the member "${found.key}" is given twice` : 'a member is given twice'
  return new Problem('incorrect', `Cannot read the body: ${what}`, {
    issue: 'structure',
    ...(found && { expression: found.path }),
  })
}

function rootName(value: unknown): string {
  const type = (value as { resourceType?: unknown } | null)?.resourceType
  return typeof type === 'string' && /^[A-Za-z]{1,64}$/.test(type) ? type : '%resource'
}

function findDuplicate(text: string, start: number, path: string): { key: string; path: string } | undefined {
  if (text[start] === '[') {
    for (const [index, item] of itemSpans(text, start).entries()) {
      const found = findDuplicate(text, item.start, `${path}[${index}]`)
      if (found) return found
    }
  }
  if (text[start] !== '{') return undefined
  const seen = new Set<string>()
  for (const { key, valueStart } of memberSpans(text, start)) {
    if (seen.has(key)) return { key, path }
    seen.add(key)
    const found = findDuplicate(text, valueStart, `${path}.${key}`)
    if (found) return found
  }
  return undefined
}

function tooDeep(): Problem {
  return new Problem('incorrect', `Cannot read the body: it is nested deeper than ${maximumDepth} levels`, {
    issue: 'structure',
  })
}

function notStorable(): Problem {
  return new Problem('incorrect', 'Cannot read the body: it holds the NUL character or half of a surrogate pair', {
    issue: 'value',
  })
}
