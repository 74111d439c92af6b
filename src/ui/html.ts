/** What a page is made of: text that the `html` tag made, in which every value was escaped. */

const brand = Symbol('markup')

export interface Markup {
  readonly [brand]: true
  readonly text: string
}

export type Content = Markup | string | number | undefined | false | readonly Content[]

/** The only maker of markup. Values stand between tags or inside quoted attributes, nowhere else. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let text = strings[0] ?? ''
  for (const [at, value] of values.entries()) text += textOf(value) + strings[at + 1]
  return markup(text)
}

/** Text of ours that must not be escaped (the style sheet); never text from outside, so the module keeps it to itself. */
export function markup(text: string): Markup {
  return { [brand]: true, text }
}

function textOf(content: Content): string {
  if (content === undefined || content === false) return ''
  if (typeof content === 'string') return escaped(content)
  if (typeof content === 'number') return String(content)
  return isMarkup(content) ? content.text : content.map(textOf).join('')
}

function isMarkup(content: Markup | readonly Content[]): content is Markup {
  return brand in content
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => entities[character] ?? '').replaceAll('\0', '\ufffd')
}
