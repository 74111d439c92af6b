/** S-25: each limit below, at and above it. S-18: ids and paths. S-22: text that would break a line. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { serverOf } from '../../src/app.ts'
import { closeConnections, send } from '../fuzz/send.ts'
import { type TestApp, testApp } from '../support/test-app.ts'

let app: TestApp
let practice: Awaited<ReturnType<TestApp['addPractice']>>
let token: string
let server: Awaited<ReturnType<typeof serverOf>>['server']
let port: number

before(async () => {
  app = await testApp()
  practice = await app.addPractice('north')
  const patients = Array.from({ length: 1002 }, (_, at) => ({ resourceType: 'Patient', id: `p${at}`, active: true }))
  await app.load(practice, [...patients, { resourceType: 'Patient', id: 'x'.repeat(64) }])
  token = await app.token(practice)
  server = (await serverOf(app.installation, undefined)).server
  await server.listen({ port: 0, host: '127.0.0.1' })
  port = (server.server.address() as { port: number }).port
})
after(async () => {
  closeConnections()
  await server?.close()
  await app?.[Symbol.asyncDispose]()
})

function assertOutcome(text: string) {
  assert.equal((JSON.parse(text) as { resourceType: string }).resourceType, 'OperationOutcome', text.slice(0, 200))
}

for (const [count, shown] of [
  [1, 1],
  [999, 999],
  [1000, 1000],
  [1001, 1000],
  [2147483648, 1000],
] as const) {
  test(`_count=${count} gives ${shown} and the self link says so`, async () => {
    const { status, json } = await app.get(practice, `Patient?_count=${count}`, token)
    assert.equal(status, 200)
    assert.equal(json.entry.length, shown)
    assert.match(json.link[0].url, new RegExp(`_count=${shown}$`))
  })
}

test('_count=0 gives the count, -1 and words are refused', async () => {
  const none = await app.get(practice, 'Patient?_count=0', token)
  assert.deepEqual([none.json.entry, none.json.total], [undefined, 1003])
  for (const count of ['-1', 'all', '1.5', '', '%EF%BC%99']) {
    const { status, text } = await app.get(practice, `Patient?_count=${count}`, token)
    assert.equal(status, 400, count)
    assertOutcome(text)
  }
})

for (const [length, status] of [
  [63, 404],
  [64, 200],
  [65, 400],
] as const) {
  test(`an id of ${length} characters is answered ${status}`, async () => {
    const answer = await app.get(practice, `Patient/${'x'.repeat(length)}`, token)
    assert.equal(answer.status, status)
    if (status !== 200) assertOutcome(answer.text)
  })
}

const megabyte = 1024 * 1024

for (const [what, contentType, limit] of [
  ['a form', 'application/x-www-form-urlencoded', 5 * megabyte],
  ['JSON', 'application/fhir+json', 10 * megabyte],
] as const) {
  for (const more of [-1, 0, 1]) {
    test(`${what} of ${limit} ${more < 0 ? '- 1' : `+ ${more}`} bytes is ${more > 0 ? 'too large' : 'read'}`, async () => {
      const start = contentType.endsWith('json') ? '"' : '_id='
      const end = contentType.endsWith('json') ? '"' : ''
      const payload = start + 'x'.repeat(limit + more - start.length - end.length) + end
      const answer = await post('Patient/_search', payload, contentType)
      assert.equal(answer.status === 413, more > 0, `${answer.status} ${answer.text.slice(0, 200)}`)
      if (answer.status >= 400) assertOutcome(answer.text)
    })
  }
}

function post(path: string, payload: string, contentType: string) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': contentType }
  return app.request({ method: 'POST', url: `/north/fhir/r4/${path}`, headers, payload })
}

test('a search is posted as a form: JSON in its place is refused, not overlooked', async () => {
  const answer = await post('Patient/_search', '{"_id":"p1"}', 'application/json')
  assert.equal(answer.status, 415, answer.text.slice(0, 200))
  assertOutcome(answer.text)
})

for (const [hops, status] of [
  [4, 200],
  [5, 200],
  [6, 400],
  [50, 400],
] as const) {
  for (const [kind, path] of [
    ['a chain', `Observation?${'has-member:Observation.'.repeat(hops)}code=x`],
    ['_has', `Observation?${'_has:Observation:has-member:'.repeat(hops)}code=x`],
  ] as const) {
    test(`${kind} of ${hops} hops is answered ${status}`, async () => {
      const answer = await app.get(practice, path, token)
      assert.equal(answer.status, status, answer.text.slice(0, 300))
      if (status === 400) assert.equal(answer.json.issue[0].code, 'too-costly')
    })
  }
}

for (const [length, statuses] of [
  [8000, [200, 400]],
  [15_000, [200, 400]],
  [16_385, [431]],
  [200_000, [431]],
] as const) {
  test(`an address of ${length} characters is answered ${statuses.join(' or ')}, and the server lives`, async () => {
    const { status, text } = await get(`Patient?_id=${'x,'.repeat(length / 2)}x`)
    assert.ok((statuses as readonly number[]).includes(status), String(status))
    if (status !== 200) assertOutcome(text)
    assert.equal((await get('Patient/p1')).status, 200)
  })
}

/** Over a connection, for the server's own client puts addresses in order before it sends them. */
async function get(target: string) {
  return send({ port, base: '/north/fhir/r4' }, { method: 'GET', target, headers: {}, body: undefined }, token)
}

for (const path of [
  'Patient/..%2f..%2fhealthz',
  'Patient/%2e%2e',
  'Patient/%2e%2e%2fPatient%2fp1',
  'Patient/..',
  'Patient/p1%00',
  'Patient/p1%2f..%2fp2',
  'Patient/p1%0d%0aX: y',
  'Patient/p1;a=b',
  'Patient/p_1',
  "Patient/p1'",
  'Patient/%ef%bd%90',
  'Patient/*',
  'Patient\\p1',
  '..%2f..%2f..%2fetc/passwd',
  '%2e%2e/%2e%2e/metadata',
  'Patient/p1/../../../../etc/passwd',
  'Patient/p1/..%2f..%2f',
]) {
  test(`S-18: ${path} is no way to anything`, async () => {
    const { status, text } = await get(path)
    assert.ok([400, 404].includes(status), `${status} ${text.slice(0, 200)}`)
    assertOutcome(text)
  })
}

test('S-22: whatever text is stored, an answer is one line of JSON that says the same', async () => {
  const awkward = [
    'two\nlines',
    'and\r\nmore\u2028\u2029\u0085',
    '=1+1',
    '+A1',
    '@x',
    '-2',
    '"quoted\\"',
    '{"resourceType":"Bundle"}',
    '</script><script>',
    '\t\u000b\u001b[31m',
    'e\u0301\u{1F600}',
  ]
  await app.load(
    practice,
    awkward.map((text, at) => ({ resourceType: 'Patient', id: `awkward${at}`, name: [{ family: text, text }] })),
  )
  for (const [at, text] of awkward.entries()) {
    const answer = await app.get(practice, `Patient/awkward${at}`, token)
    assert.ok(!/[\r\n]/.test(answer.text), answer.text)
    assert.equal(answer.json.name[0].family, text)
    const found = await app.get(practice, `Patient?_id=awkward${at}&_elements=name&_sort=family,gender`, token)
    assert.equal(found.status, 200, found.text)
    assert.ok(!/[\r\n]/.test(found.text))
    assert.equal(found.json.entry[0].resource.name[0].text, text)
    const exact = await app.get(
      practice,
      `Patient?family:exact=${encodeURIComponent(text.replace(/[\\,$|]/g, '\\$&'))}`,
      token,
    )
    assert.equal(exact.json.entry?.length, 1, `${JSON.stringify(text)}: ${exact.text.slice(0, 300)}`)
  }
})
