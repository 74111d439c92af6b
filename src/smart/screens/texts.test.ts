import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageOf, textsIn } from './texts.ts'

for (const [header, language] of [
  [undefined, 'en'],
  ['en-US,en;q=0.9', 'en'],
  ['xx', 'en'],
  ['constructor, __proto__', 'en'],
  [`${'x'.repeat(10_000)},en`, 'en'],
] as const) {
  test(`languageOf(${header?.slice(0, 30)})`, () => assert.equal(languageOf(header), language))
}

test('a language without texts is told in English', () => assert.equal(textsIn('xx').tag, 'en'))

test('the words for patients are short ones', () => {
  const { consent, myApps } = textsIn('en')
  const sentences = [...Object.values(consent), ...Object.values(myApps)]
    .map((text) => (typeof text === 'string' ? text : text('App', 'App')))
    .join('. ')
  assert.ok(gradeOf(sentences) <= 8, `grade ${gradeOf(sentences).toFixed(1)}`)
})

/** Flesch and Kincaid's reading grade, syllables counted by groups of vowels. */
function gradeOf(text: string): number {
  const sentences = text.split(/[.?!:;]+/).filter((sentence) => /\w/.test(sentence)).length
  const words = text.match(/[\p{L}’']+/gu) ?? []
  const syllables = words.map((word) =>
    Math.max(
      1,
      word
        .toLowerCase()
        .replace(/e$/, '')
        .match(/[aeiouy]+/g)?.length ?? 1,
    ),
  )
  const inAll = syllables.reduce((sum, count) => sum + count, 0)
  return 0.39 * (words.length / sentences) + 11.8 * (inAll / words.length) - 15.59
}
