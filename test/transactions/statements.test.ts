import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clinic, entry, identified, observation, patient, statuses } from './clinic.ts'

const size = 300

test('a transaction takes a few statements, however many entries it has', async () => {
  await using here = await clinic()
  const values = Array.from({ length: size }, (_, i) => `${i}`)
  const criteria = (value: string) => `identifier=http://x|${value}`
  const subject = 'urn:uuid:00000000-1111-4111-8111-111111111111'
  const took = async (entries: object[]) => {
    here.app.takeStatements()
    const answer = await here.post('transaction', entries)
    assert.equal(answer.status, 200, answer.text.slice(0, 500))
    return { count: here.app.takeStatements().length, answer }
  }
  await took([entry('POST', 'Basic', { resourceType: 'Basic', code: { text: 'first' } })]) // warms caches of the practice
  const created = await took([
    entry('POST', 'Patient', patient(), {}, subject),
    ...values.map(() => entry('POST', 'Observation', observation(subject))),
  ])
  assert.ok(created.count <= 20, `${created.count} statements for ${size} creates`)
  const conditional = await took(
    values.map((value) => entry('POST', 'Patient', patient(identified(value)), { ifNoneExist: criteria(value) })),
  )
  assert.ok(conditional.count <= 30, `${conditional.count} statements for ${size} conditional creates`)
  const again = await took(
    values.map((value) => entry('POST', 'Patient', patient(identified(value)), { ifNoneExist: criteria(value) })),
  )
  assert.deepEqual(new Set(statuses(again.answer)), new Set([200]))
  assert.ok(again.count <= 10, `${again.count} statements for ${size} that are there`)
  const referring = await took(
    values.map((value) => entry('POST', 'Observation', observation(`Patient?${criteria(value)}`))),
  )
  assert.ok(referring.count <= 30, `${referring.count} statements for ${size} conditional references`)
  assert.equal((await here.get(`Observation?subject.${criteria('7')}`)).json.total, 1)
})

test('criteria by identifier are told apart when they are searched together', async () => {
  await using here = await clinic()
  const two = {
    identifier: [
      { system: 'http://x', value: '1' },
      { system: 'http://y', value: '1' },
    ],
  }
  await here.post('transaction', [
    entry('PUT', 'Patient/both', patient({ id: 'both', ...two })),
    entry('PUT', 'Patient/twin1', patient({ id: 'twin1', ...identified('twin') })),
    entry('PUT', 'Patient/twin2', patient({ id: 'twin2', ...identified('twin') })),
  ])
  const create = (criteria: string) => entry('POST', 'Patient', patient(), { ifNoneExist: `identifier=${criteria}` })
  const found = await here.post('transaction', ['http://x|1', 'http://y|1', 'http://x|2', 'http://y|twin'].map(create))
  assert.deepEqual(statuses(found), [200, 200, 201, 201])
  const several = await here.post('transaction', ['http://x|1', 'http://x|twin'].map(create))
  assert.deepEqual([several.status, several.json.issue[0].expression], [412, ['Bundle.entry[1]']])
})
