import assert from 'node:assert/strict'
import { test } from 'node:test'
import { html } from './html.ts'

for (const [value, text] of [
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['" onfocus="alert(1)" x="', '&quot; onfocus=&quot;alert(1)&quot; x=&quot;'],
  ["' onload='alert(1)", '&#39; onload=&#39;alert(1)'],
  ['&lt;', '&amp;lt;'],
  ['</title><img src=x onerror=alert(1)>', '&lt;/title&gt;&lt;img src=x onerror=alert(1)&gt;'],
  ['`x`', '&#96;x&#96;'],
  ['a\0b', 'a\ufffdb'],
  ['Zoë 🩺', 'Zoë 🩺'],
] as const) {
  test(`html escapes ${JSON.stringify(value)}`, () => {
    assert.equal(html`<p title="${value}">${value}</p>`.text, `<p title="${text}">${text}</p>`)
  })
}

test('html joins markup and lists as they are, and leaves out what is not there', () => {
  const items = ['<', '2'].map((item) => html`<li>${item}</li>`)
  assert.equal(html`<ul>${items}${undefined}${false}</ul>${3}`.text, '<ul><li>&lt;</li><li>2</li></ul>3')
})

test('html takes an object that only looks like markup for what it is', () => {
  const forged = { text: '<script>' } as unknown as string
  assert.throws(() => html`<p>${forged}</p>`, TypeError)
})
