import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formsIn, textOf } from './page-reader.ts'

const page = `<title>T</title><form method="post" action="/a?b=1&amp;c=2"><input type="hidden" name="step" value="consent">
<input type="checkbox" name="scope" value="patient/Condition.rs?category=a|b" checked>
<input type="checkbox" name="scope" value="patient/Patient.rs"><input name="until" value="&quot;x&#39;"></form>
<form action="/other"><input type="hidden" name="step" value="cancel"></form>`

test('formsIn() posts what a browser would, and knows what else may be ticked', () => {
  const [consent, other] = formsIn(page)
  assert.equal(consent?.action, '/a?b=1&c=2')
  assert.deepEqual(consent.fields, [
    ['step', 'consent'],
    ['scope', 'patient/Condition.rs?category=a|b'],
    ['until', '"x\''],
  ])
  assert.deepEqual(consent.choices('scope'), ['patient/Condition.rs?category=a|b', 'patient/Patient.rs'])
  assert.deepEqual([consent.step, other?.step], ['consent', 'cancel'])
})

test('textOf() leaves styles and marks out', () => {
  assert.equal(textOf('<title>T</title><style>p{}</style><p>Not &lt;here&gt;</p>'), 'Not <here>')
})
