import assert from 'node:assert/strict'
import { test } from 'node:test'
import { styleSheet } from './style-sheet.ts'

type Colours = ReadonlyMap<string, string>

const [light = '', dark = ''] = [...styleSheet.matchAll(/:root\{([^}]*)\}/g)].map(([, body = '']) => body)

function coloursOf(body: string): Colours {
  const pairs = [...body.matchAll(/--([\w-]+):(#[0-9a-f]+)/g)]
  return new Map(pairs.map(([, name = '', value = '']) => [name, value]))
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const [dim = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (bright + 0.05) / (dim + 0.05)
}

function luminance(colour: string): number {
  const digits = colour.length === 4 ? colour.replace(/[0-9a-f]/g, '$&$&') : colour
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(digits.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const grounds = ['card', 'ground', 'tint']
const pairs = [
  ...grounds.flatMap((ground) => ['text', 'quiet', 'accent'].map((ink) => [ink, ground, 4.5] as const)),
  ['on-accent', 'accent', 4.5],
  ['bad', 'card', 4.5],
  ['bad', 'bad-tint', 4.5],
  ['text', 'bad-tint', 4.5],
  ['good', 'good-tint', 4.5],
  ['text', 'good-tint', 4.5],
] as const

for (const [theme, colours] of [
  ['light', coloursOf(light)],
  ['dark', coloursOf(dark)],
] as const) {
  for (const [ink, ground, least] of pairs) {
    test(`the ${theme} theme: ${ink} is legible on ${ground}`, () => {
      const ratio = contrast(colours.get(ink) ?? '', colours.get(ground) ?? '')
      assert.ok(ratio >= least, `${ratio.toFixed(2)} is less than ${least}`)
    })
  }
}

test('the style sheet asks nothing of anybody', () => {
  assert.ok(!/url\(|@import|expression|</.test(styleSheet))
})
