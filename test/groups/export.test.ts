import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ensureBuiltInGroups } from '../../src/cli/built-in-groups.ts'
import { begin, ended, exporting, respondAsync } from '../bulk/exporting.ts'

/** Lines of an export, as `Type/id`, and what its error files say. */
async function exported(exports: Awaited<ReturnType<typeof exporting>>, group: string) {
  const token = await exports.token()
  const manifest = await ended(exports, await begin(exports, `Group/${group}/$export`, token), token)
  assert.equal(manifest.status, 200, manifest.text)
  const linesOf = async (files: readonly { url: string }[]) => {
    const texts = await Promise.all(files.map(async ({ url }) => (await exports.send('GET', url, token)).text))
    return texts.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line))
  }
  const output = await linesOf(manifest.json.output)
  const errors = await linesOf(manifest.json.error)
  return {
    lines: output.map(({ resourceType, id }) => `${resourceType}/${id}`).sort(),
    sentences: errors.flatMap(({ issue }) => issue.map((one: { details: { text: string } }) => one.details.text)),
  }
}

const ofPatient1 = ['Condition/c1', 'Observation/o1', 'Patient/p1', 'Practitioner/d1', 'Provenance/v1']

test('a built-in group exports who is of its age, and nobody else', async () => {
  await using exports = await exporting({ dialect: 'integra' })
  await ensureBuiltInGroups(exports.app.installation, [exports.practice])
  await using _ = await exports.work()
  const { lines } = await exported(exports, '517483350')
  assert.deepEqual(
    lines.filter((line) => !line.startsWith('Group/')),
    ofPatient1,
  )
  const { lines: children } = await exported(exports, '187419279')
  assert.deepEqual(
    children.filter((line) => !line.startsWith('Group/')),
    [],
  )
})

test('a group of groups exports its members, and names who is missing', async () => {
  await using exports = await exporting()
  const member = ['Group/g1', 'Patient/gone', 'Practitioner/d1'].map((reference) => ({ entity: { reference } }))
  await exports.app.load(exports.practice, [{ resourceType: 'Group', id: 'top', type: 'person', actual: true, member }])
  await using _ = await exports.work()
  const { lines, sentences } = await exported(exports, 'top')
  assert.deepEqual(
    lines.filter((line) => !line.startsWith('Group/')),
    ofPatient1,
  )
  assert.match(sentences.join(), /^Patient\/gone is named as a member of the group, but not stored/)
})

test('a group by a rule that is not understood is refused at once, with what is understood', async () => {
  await using exports = await exporting()
  const characteristic = [{ code: { coding: [{ system: 'http://x', code: 'y' }] }, valueBoolean: true, exclude: false }]
  const odd = { resourceType: 'Group', id: 'odd', type: 'person', actual: false, characteristic }
  await exports.app.load(exports.practice, [odd])
  const answer = await exports.send('GET', '/north/fhir/r4/Group/odd/$export', await exports.token(), respondAsync)
  assert.equal(answer.status, 422)
  assert.match(answer.json.issue[0].details.text, /Group\/odd: .*http:\/\/x\|y is not understood; understood are age/)
  assert.deepEqual(answer.json.issue[0].expression, ['Group.characteristic[0]'])
})
