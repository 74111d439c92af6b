/**
 * Reads a page as strictly as we write it: every attribute in double quotes or bare, every element closed in its place. What
 * escaped its field would break one of these, or add an element that is not there with harmless text.
 */

export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly (Element | string)[]
}

const empty = new Set(['meta', 'img', 'input', 'br'])
const piece = /<!doctype html>|<\/([a-z0-9]+)>|<([a-z0-9]+)((?: [a-z-]+(?:="[^"<>]*")?)*)>|([^<>]+)/gy

export function parsePage(text: string): Element {
  const root: { name: string; attributes: Record<string, string>; children: (Element | string)[] } = {
    name: 'page',
    attributes: {},
    children: [],
  }
  const open = [root]
  piece.lastIndex = 0
  while (piece.lastIndex < text.length) {
    const at = piece.lastIndex
    const found = piece.exec(text)
    if (!found) throw new Error(`no markup of ours: ${text.slice(at, at + 100)}`)
    const [, closed, opened, attributes, plain] = found
    const inner = open.at(-1) ?? root
    if (plain !== undefined) inner.children.push(decoded(plain))
    if (closed !== undefined) {
      if (inner.name !== closed) throw new Error(`</${closed}> closes <${inner.name}>`)
      open.pop()
    }
    if (opened === undefined) continue
    const element = { name: opened, attributes: attributesOf(attributes ?? ''), children: [] }
    inner.children.push(element)
    if (!empty.has(opened)) open.push(element)
    if (opened === 'style') piece.lastIndex = text.indexOf('</style>', piece.lastIndex)
  }
  if (open.length > 1) throw new Error(`<${open.at(-1)?.name}> is not closed`)
  return root
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/ ([a-z-]+)(?:="([^"]*)")?/g)].map(
    ([, name = '', value = '']) => [name, decoded(value)] as const,
  )
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw new Error(`an attribute stands twice:${text}`)
  return Object.fromEntries(pairs)
}

const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`' }

function decoded(text: string): string {
  return text.replace(/&([a-z0-9#]*);?/g, (entity, name: string) => {
    const character = characters[name]
    if (character === undefined) throw new Error(`${entity} is no entity of ours`)
    return character
  })
}

/** Every element below, in order. */
export function elements(element: Element): Element[] {
  return element.children.flatMap((child) => (typeof child === 'string' ? [] : [child, ...elements(child)]))
}

export function named(element: Element, ...names: readonly string[]): Element[] {
  return elements(element).filter(({ name }) => names.includes(name))
}

/** What is read of it, blanks as one. */
export function textOf(element: Element): string {
  const inner = element.children.map((child) => (typeof child === 'string' ? child : textOf(child)))
  return inner.join(' ').replace(/\s+/g, ' ').trim()
}

/** What a browser without scripts posts: fields as they stand, those given instead of them, the button pressed. */
export function filled(
  form: Element,
  given: Readonly<Record<string, string | readonly string[]>> = {},
  button?: readonly [name: string, value: string],
): string {
  const pairs: [string, string][] = []
  for (const { attributes } of named(form, 'input')) {
    const { name, type, value = 'on' } = attributes
    if (name === undefined || name in given) continue
    if ((type === 'checkbox' || type === 'radio') && !('checked' in attributes)) continue
    pairs.push([name, value])
  }
  for (const [name, values] of Object.entries(given)) for (const value of [values].flat()) pairs.push([name, value])
  if (button) pairs.push([...button])
  return new URLSearchParams(pairs).toString()
}

/** The form that has a field of this name and (where given) this value. */
export function formWith(page: Element, name: string, value?: string): Element {
  const form = named(page, 'form').find((each) =>
    named(each, 'input', 'button').some(
      ({ attributes }) => attributes.name === name && (value === undefined || attributes.value === value),
    ),
  )
  if (!form) throw new Error(`no form has the field ${name}${value === undefined ? '' : ` = ${value}`}`)
  return form
}
