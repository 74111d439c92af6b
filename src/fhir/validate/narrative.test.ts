import assert from 'node:assert/strict'
import { test } from 'node:test'
import { processorMs } from '../../../test/support/processor-time.ts'
import { narrativeFault, narrativeFaults } from './narrative.ts'
import { validateStructure } from './structure.ts'

const div = (inside: string) => `<div xmlns="http://www.w3.org/1999/xhtml">${inside}</div>`

for (const sound of [
  div(''),
  div('a &lt; b &amp; c > d &nbsp;'),
  div('<p title="a > b"><b>A</b><br/><i/></p><table><tr><td colspan=\'2\'>x</td></tr></table>'),
  div('<a href="Patient/1">x</a><a href="#x"/><a href="https://example.org/a:b">y</a><a name="x"/>'),
  div('<img src="data:image/png;base64,AAAA" alt="x"/><img src="#pic1" alt=""/>'),
  div('<!-- a comment --><span style="color: red; width: 20%" data-fhir="generated" aria-label="x">x</span>'),
  div('<td style="background-image: url(tbl_bck1.png); color: red">x</td>'),
  '<div>\n</div>\n',
]) {
  test(`narrativeFault() lets ${sound.slice(0, 120)} pass`, () => assert.equal(narrativeFault(sound), undefined))
}

// biome-ignore format: a table
for (const [what, narrative, sentence] of [
  ['a script', div('<script>alert(1)</script>'), /"script"/],
  ['a script in capitals', div('<SCRIPT>x</SCRIPT>'), /"SCRIPT"/],
  ['a frame', div('<iframe src="https://example.org"/>'), /"iframe"/],
  ['a form', div('<form action="x"><input/></form>'), /"form"/],
  ['an object', div('<object data="x"/>'), /"object"/],
  ['a style sheet', div('<style>p {}</style>'), /"style"/],
  ['a picture that acts', div('<svg xmlns="http://www.w3.org/2000/svg"/>'), /"svg"/],
  ['an event', div('<p onclick="x()">x</p>'), /"onclick"/],
  ['an event without quotes', div('<p onclick=x()>x</p>'), /not well-formed/],
  ['an event behind a slash', div('<img/onerror="x()"/>'), /not well-formed/],
  ['an attribute without a value', div('<p autofocus>x</p>'), /not well-formed/],
  ['a script as a link', div('<a href="javascript:alert(1)">x</a>'), /link in "href"/],
  ['a script in capitals as a link', div('<a href="JavaScript:alert(1)">x</a>'), /link in "href"/],
  ['a script behind a control character (MS PR 5699)', div('<a href="\u0001javascript:alert(1)">x</a>'), /link in "href"/],
  ['a script behind a blank', div('<a href=" javascript:alert(1)">x</a>'), /link in "href"/],
  ['a script with a line break in it', div('<a href="java\nscript:alert(1)">x</a>'), /link in "href"/],
  ['a script with an escape', div('<a href="java&#115;cript:alert(1)">x</a>'), /link in "href"/],
  ['a script with an escaped colon', div('<a href="javascript&colon;alert(1)">x</a>'), /link in "href"/],
  ['another script', div('<a href="vbscript:x">x</a>'), /link in "href"/],
  ['a page as data', div('<a href="data:text/html,<b>">x</a>'), /./],
  ['an SVG as data', div('<img src="data:image/svg+xml;base64,AAAA"/>'), /link in "src"/],
  ['a style that loads', div('<p style="background: url(https://example.org)">x</p>'), /style/],
  ['a style that acts', div('<p style="width: expr/**/ession(x)">x</p>'), /style/],
  ['another namespace', '<div xmlns="http://www.w3.org/2000/svg"></div>', /namespace/],
  ['a document type', `<!DOCTYPE div [<!ENTITY x "y">]>${div('&x;')}`, /begins no tag/],
  ['a section of data', div('<![CDATA[<script>]]>'), /begins no tag/],
  ['an instruction', div('<?xml-stylesheet href="x"?>'), /begins no tag/],
  ['a comment that browsers end early', div('<!--><script>x</script>-->'), /comment/],
  ['a comment that does not end', div('<!-- x'), /comment/],
  ['no div', '<p>x</p>', /not one div/],
  ['two divs', div('') + div(''), /not one div/],
  ['text alone', 'x', /outside its div/],
  ['text behind', `${div('')}x`, /outside its div/],
  ['what is not closed', '<div><p>x</div>', /closes <div>/],
  ['the end of a tag missing', '<div><p', /not well-formed/],
  ['nothing closed', '<div>', /does not close <div>/],
  ['an attribute twice', '<div class="a" class="b"></div>', /"class"/],
] as const) {
  test(`narrativeFault() refuses ${what}`, () => assert.match(narrativeFault(narrative) ?? '', sentence))
}

test('narrativeFaults() finds narratives at any depth', () => {
  const text = { status: 'generated', div: '<script/>' }
  const resource = {
    resourceType: 'Composition',
    text: { status: 'generated', div: div('') },
    contained: [{ resourceType: 'Patient', text }],
    section: [{}, { text }],
  }
  assert.deepEqual(
    narrativeFaults(resource).map(({ expression }) => expression),
    ['Composition.contained[0].text.div', 'Composition.section[1].text.div'],
  )
})

test('S-15: no narrative takes long', () => {
  const started = processorMs()
  for (const part of ['<', '<a ', ' ', '<p title="', 'a="b" ', '<!--', '<div>', '<a href="javascript', '&#x']) {
    narrativeFault(div(part.repeat(200_000 / part.length)))
    narrativeFault(div(`<p ${part.repeat(200_000 / part.length)}>`))
  }
  assert.ok(processorMs() - started < 1000, `${processorMs() - started} ms`)
})

test('validateStructure() reads a long run of blanks before a narrative once (S-15)', () => {
  const started = processorMs()
  const resource = { resourceType: 'Patient', text: { status: 'generated', div: `${' '.repeat(1_000_000)}x` } }
  assert.equal(validateStructure(resource).length, 1)
  assert.ok(processorMs() - started < 1000)
})
