import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { processorMs } from '../support/processor-time.ts'
import { testApp } from '../support/test-app.ts'
import { openWriter, sentences, writer } from './writer.ts'

const app = await testApp()
after(() => app[Symbol.asyncDispose]())
const clinic = await openWriter(app)

const jsonPatch = { 'content-type': 'application/json-patch+json' }
const text = (id: string) =>
  `{"resourceType":"Observation","id":"${id}","status":"preliminary","code":{"text":"x"},"valueQuantity":{"value":1.50},"component":[{"code":{"text":"a"},"valueQuantity":{"value":2.0}},{"code":{"text":"b"}}]}`

function operation(type: string, path: string, value = '{"name":"value","valueCode":"final"}') {
  const parts = `{"name":"type","valueCode":"${type}"},{"name":"path","valueString":"${path}"},${value}`
  return `{"resourceType":"Parameters","parameter":[{"name":"operation","part":[${parts}]}]}`
}

test('a JSON Patch changes what it names, and not a letter more', async () => {
  await clinic.send('PUT', 'Observation/p1', text('p1'))
  const patch =
    '[{"op":"test","path":"/status","value":"preliminary"},{"op":"replace","path":"/status","value":"final"},{"op":"add","path":"/component/1/valueQuantity","value":{"value":3.000}}]'
  const { status, headers, text: body } = await clinic.send('PATCH', 'Observation/p1', patch, jsonPatch)
  assert.deepEqual([status, headers.etag], [200, 'W/"2"'], body)
  const expected = text('p1')
    .replace('preliminary', 'final')
    .replace('{"text":"b"}', '{"text":"b"},"valueQuantity":{"value":3.000}')
  assert.equal(body.replace(/"meta":\{[^}]+\},/, ''), expected)
  assert.equal((await clinic.send('GET', 'Observation/p1')).text, body)
})

test('a FHIRPath Patch changes what it names, and not a letter more', async () => {
  await clinic.send('PUT', 'Observation/p2', text('p2'))
  const { status, text: body } = await clinic.send(
    'PATCH',
    'Observation/p2',
    operation('replace', 'Observation.status'),
  )
  assert.equal(status, 200, body)
  assert.equal(body.replace(/"meta":\{[^}]+\},/, ''), text('p2').replace('preliminary', 'final'))
})

// biome-ignore format: a table
for (const [what, body, headers, status, sentence] of [
  ['a test that fails', '[{"op":"test","path":"/status","value":"final"}]', jsonPatch, 422, /operation 1/],
  ['a change of the id', '[{"op":"replace","path":"/id","value":"other"}]', jsonPatch, 422, /changes the id/],
  ['the removal of the id', '[{"op":"remove","path":"/id"}]', jsonPatch, 422, /changes the id/],
  ['a change of the type', '[{"op":"replace","path":"/resourceType","value":"Patient"}]', jsonPatch, 422, /changes the type/],
  ['the whole as something else', '[{"op":"replace","path":"","value":null}]', jsonPatch, 422, /changes the type/],
  ['a result that is no Observation', '[{"op":"remove","path":"/status"}]', jsonPatch, 400, /Observation.status is missing/],
  ['no patch', '{"op":"remove"}', jsonPatch, 400, /no JSON array/],
  ['no JSON', '[', jsonPatch, 400, /not JSON/],
  ['a path outside the subset', operation('delete', 'Observation.descendants()'), {}, 422, /descendants/],
  ['an operation of no kind', operation('merge', 'Observation'), {}, 400, /no "type"/],
  ['another resource than Parameters', '{"resourceType":"Observation"}', {}, 400, /holds an Observation/],
  ['Parameters of false structure', '{"resourceType":"Parameters","parameter":[{}]}', {}, 400, /./],
  ['a list as JSON', '[]', { 'content-type': 'application/json' }, 415, /send it as application\/json-patch\+json/],
  ['a form', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415, /a patch is/],
] as const) {
  test(`patch answers ${status} for ${what}, and changes nothing`, async () => {
    await clinic.send('PUT', 'Observation/p3', text('p3'))
    const answer = await clinic.send('PATCH', 'Observation/p3', body, headers)
    assert.equal(answer.status, status, answer.text)
    assert.match(sentences(answer).join(), sentence)
    assert.equal((await clinic.send('GET', 'Observation/p3')).headers.etag, 'W/"1"')
  })
}

test('patch answers 404 for what is not there, 410 for what was deleted, 412 when If-Match is stale', async () => {
  const send = async (id: string, headers = {}) =>
    (await clinic.send('PATCH', `Observation/${id}`, '[]', { ...jsonPatch, ...headers })).status
  await clinic.send('PUT', 'Observation/p4', text('p4'))
  assert.deepEqual(
    [
      await send('never'),
      await send('p4'),
      await send('p4', { 'if-match': 'W/"2"' }),
      await send('p4', { 'if-match': '*' }),
    ],
    [404, 200, 412, 200],
  )
  await clinic.send('DELETE', 'Observation/p4')
  assert.equal(await send('p4'), 410)
})

test('patches of different elements at the same time are all done', async () => {
  await clinic.send('PUT', 'Observation/p5', text('p5'))
  const notes = ['a', 'b', 'c', 'd']
  const answers = await Promise.all(
    notes.map((note) =>
      clinic.send('PATCH', 'Observation/p5', `[{"op":"add","path":"/note","value":[{"text":"${note}"}]}]`, jsonPatch),
    ),
  )
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200],
  )
  assert.equal((await clinic.send('GET', 'Observation/p5')).headers.etag, 'W/"5"')
})

test('who may update and not read is not shown what was patched', async () => {
  await clinic.send('PUT', 'Observation/p6', text('p6'))
  const blind = await writer(app, clinic.practice, { scope: 'system/Observation.u' })
  const answer = await blind.send(
    'PATCH',
    'Observation/p6',
    '[{"op":"add","path":"/note","value":[{"text":"x"}]}]',
    jsonPatch,
  )
  assert.deepEqual([answer.status, answer.text, answer.headers.etag], [200, '', 'W/"2"'])
})

test('S-15: a path with a regular expression is refused at once', async () => {
  await clinic.send('PUT', 'Observation/p7', text('p7'))
  const started = processorMs()
  const path = `Observation.code.text.where($this.matches('(a+)+$'))`
  const answer = await clinic.send('PATCH', 'Observation/p7', operation('delete', path))
  assert.equal(answer.status, 422, answer.text)
  assert.ok(processorMs() - started < 1000)
})

test('what is wrong with a patch quotes nothing to one who may not read what is stored', async () => {
  const secret = { resourceType: 'Patient', id: 'secret', name: [{ family: 'Confidential' }] }
  const client = await openWriter(app)
  await client.send('PUT', 'Patient/secret', secret)
  const blind = await writer(app, client.practice, { scope: 'system/Patient.u' })
  const body = [{ op: 'copy', from: '/name/0/family', path: '/birthDate' }]
  const told = await client.send('PATCH', 'Patient/secret', JSON.stringify(body), jsonPatch)
  assert.match(told.text, /Confidential/)
  const data = Buffer.from(JSON.stringify(body)).toString('base64')
  const resource = { resourceType: 'Binary', contentType: 'application/json-patch+json', data }
  const entry = [{ resource, request: { method: 'PATCH', url: 'Patient/secret' } }]
  for (const untold of [
    await blind.send('PATCH', 'Patient/secret', JSON.stringify(body), jsonPatch),
    await blind.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry }),
    await blind.send('POST', '', { resourceType: 'Bundle', type: 'batch', entry }),
  ]) {
    assert.match(untold.text, /it does not fit what is stored/)
    assert.doesNotMatch(untold.text, /Confidential/)
  }
})

test('a warning of dangling references names none of a resource that the client may not read', async () => {
  const client = await openWriter(app, { references: 'warn' })
  const stored = { resourceType: 'Observation', id: 'o', status: 'final', code: { text: 'x' } }
  await client.send('PUT', 'Observation/o', { ...stored, subject: { reference: 'Patient/whose' } })
  const blind = await writer(app, client.practice, { scope: 'system/Observation.u' })
  const body = '[{"op":"replace","path":"/status","value":"amended"}]'
  const prefer = { prefer: 'return=OperationOutcome' }
  const data = Buffer.from(body).toString('base64')
  const resource = { resourceType: 'Binary', contentType: 'application/json-patch+json', data }
  const entry = [{ resource, request: { method: 'PATCH', url: 'Observation/o' } }]
  const alone = await blind.send('PATCH', 'Observation/o', body, { ...jsonPatch, ...prefer })
  const within = await blind.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry }, prefer)
  for (const { status, text } of [alone, within]) {
    assert.equal(status, 200, text)
    assert.doesNotMatch(text, /whose/)
  }
})
