import { english } from './texts-english.ts'

/** Every sentence of the pages. A second language is a file beside `texts-english.ts` and its line here. */
export type Texts = typeof english

const languages: Readonly<Record<string, Texts>> = { en: english }

/** The first language of an Accept-Language header that there are texts in. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4 */
export function languageOf(acceptLanguage: string | undefined): string {
  const asked = (acceptLanguage ?? '').slice(0, 500).split(',')
  const tags = asked.map((range) => /^\s*([a-z]{2,3})\b/i.exec(range)?.[1]?.toLowerCase() ?? '')
  return tags.find((tag) => Object.hasOwn(languages, tag)) ?? 'en'
}

export function textsIn(language: string | undefined): Texts {
  return languages[language ?? 'en'] ?? english
}
