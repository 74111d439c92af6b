/** Strings, tokens, uris and references of the oracle. */
import type { Found } from './values.ts'

export function normal(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim()
}

const parts: Readonly<Record<string, readonly string[]>> = {
  HumanName: ['family', 'given', 'prefix', 'suffix', 'text'],
  Address: ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'],
}

export function textsOf({ type, value }: Found): string[] {
  if (typeof value === 'string') return [value]
  return (parts[type] ?? []).flatMap((part) => value[part] ?? [])
}

export function meetsString(modifier: string | undefined, asked: string, found: Found): boolean {
  return textsOf(found).some((text) => {
    if (modifier === 'exact') return text === asked
    return modifier === 'contains' ? normal(text).includes(normal(asked)) : normal(text).startsWith(normal(asked))
  })
}

interface Token {
  readonly system?: string
  readonly code?: string
  readonly texts: readonly string[]
}

/** The system of a code is said by its value set, so it is not without one. */
const implied = '(implied)'

export function tokensOf({ type, value }: Found): Token[] {
  switch (type) {
    case 'CodeableConcept': {
      const { coding = [], text } = value
      const codings = coding.flatMap((each: unknown) => tokensOf({ type: 'Coding', value: each }))
      return text ? [...codings, { texts: [text] }] : codings
    }
    case 'Coding':
      return [{ system: value.system, code: value.code, texts: value.display ? [value.display] : [] }]
    case 'Identifier':
      return [{ system: value.system, code: value.value, texts: value.type?.text ? [value.type.text] : [] }]
    case 'ContactPoint':
      return [{ system: implied, code: value.value, texts: [] }]
    default:
      return typeof value === 'object' ? [] : [{ system: implied, code: String(value), texts: [] }]
  }
}

export function meetsToken(modifier: string | undefined, asked: string, found: Found): boolean {
  if (modifier === 'of-type') return meetsOfType(asked, found)
  return tokensOf(found).some((token) => {
    if (modifier === 'text') return token.texts.some((text) => normal(text).startsWith(normal(asked)))
    const bar = asked.indexOf('|')
    if (bar < 0) return token.code === asked
    const [system, code] = [asked.slice(0, bar), asked.slice(bar + 1)]
    if (system === '') return token.code === code && token.system === undefined
    return token.system === system && (code === '' || token.code === code)
  })
}

function meetsOfType(asked: string, { type, value }: Found): boolean {
  const [system, code, text] = asked.split('|')
  if (type !== 'Identifier' || value.value !== text) return false
  return (value.type?.coding ?? []).some((each: Token) => each.system === system && each.code === code)
}

export function meetsUri(modifier: string | undefined, asked: string, { value }: Found): boolean {
  const [bare = '', version] = String(value).split('|')
  // A canonical is known by its URL alone, too.
  return [bare, ...(version === undefined ? [] : [`${bare}|${version}`])].some((text) => {
    if (modifier === 'below') return text.startsWith(asked)
    return modifier === 'above' ? asked.startsWith(text) : text === asked
  })
}

/** Where a reference leads: Type/id, or the text of what is not of this server. */
export function targetOf({ value }: Found): string | undefined {
  const text: unknown = typeof value === 'string' ? value : value?.reference
  return typeof text === 'string' ? text.replace(/\/_history\/.*$/, '') : undefined
}

export function meetsReference(modifier: string | undefined, asked: string, found: Found): boolean {
  if (modifier === 'identifier') {
    const { identifier } = found.value
    return identifier !== undefined && meetsToken(undefined, asked, { type: 'Identifier', value: identifier })
  }
  const target = targetOf(found)
  if (target === undefined) return false
  if (modifier) return target === `${modifier}/${asked.split('/').at(-1)}`
  return target === asked || (/^[A-Z]\w+\/[^/]+$/.test(target) && target.split('/')[1] === asked)
}
