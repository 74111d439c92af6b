/** S-16: what somebody else wrote (names, logos, sentences) stays text on every page. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elements, parsePage } from './markup.ts'
import { samplePages } from './sample-pages.ts'

const payloads = [
  '<script>alert(1)</script>',
  '"><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg/onload=alert(1)>",
  '" onfocus="alert(1)" autofocus="',
  "' onmouseover='alert(1)",
  '</title><script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  '<!--<script>alert(1)</script>-->',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<a href="javascript:alert(1)">x</a>',
  '<form action="https://evil.example"><button>x</button></form>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '{{constructor.constructor("alert(1)")()}}',
  '\u0000<script>alert(1)</script>',
  '\u2028<script>alert(1)</script>',
]

const urls = [
  'javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'java\tscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'https://app.example/"><script>alert(1)</script>',
]

/** Names of elements and attributes, in order. */
function shapeOf(body: string): string[] {
  return elements(parsePage(body)).map(({ name, attributes }) => [name, ...Object.keys(attributes)].join(' '))
}

const harmless = samplePages('Anna Berg')

for (const payload of payloads) {
  test(`${JSON.stringify(payload)} adds nothing to any page`, () => {
    for (const [name, { body, headers }] of Object.entries(samplePages(payload))) {
      assert.deepEqual(shapeOf(body), shapeOf(harmless[name]?.body ?? ''), name)
      assert.ok(!Object.values(headers).some((value) => /[<>\n\r]/.test(value)), name)
    }
  })
}

for (const url of urls) {
  test(`a logo or policy of ${JSON.stringify(url)} leads nowhere but https`, () => {
    for (const [name, { body, headers }] of Object.entries(samplePages('Anna Berg', url))) {
      for (const { attributes } of elements(parsePage(body))) {
        const followed = [attributes.href, attributes.src, attributes.action].filter((each) => each !== undefined)
        for (const each of followed) assert.match(each, /^(https:\/\/|\/|#|mailto:|tel:)/, name)
      }
      assert.doesNotMatch(headers['content-security-policy'] ?? '', /javascript|data:|vbscript/, name)
    }
  })
}
