/**
 * Nothing leaves that should not, not even a count, and each principal sees everything that is its own. What that is comes
 * from `model.ts`. A search by a principal is compared with the same search at a practice that holds only what the
 * principal may find: where the two differ, something that may not be seen had a say in the answer.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Clinic, openClinic } from './clinic.ts'
import { examples } from './examples.ts'
import { type Example, knownTypes, type Model, nameOf } from './model.ts'
import { markOf, type Resource } from './records.ts'
import { type Offered, operationShapes, sample, shapesOf, systemShapes } from './shapes.ts'
import { walk } from './walk.ts'

/** Of the thousands of shapes so many are drawn for each principal; LEAKS=n draws more, seeded by the principal's place. */
const given = process.env.LEAKS === undefined ? undefined : Number(process.env.LEAKS)
const shapesEach = given ?? 16

let clinic: Clinic
let offered: readonly Offered[]

before(async () => {
  clinic = await openClinic()
  const statement = JSON.parse((await clinic.get('north', 'metadata', undefined)).text) as {
    rest: [{ resource: Offered[] }]
  }
  offered = statement.rest[0].resource
})
after(() => clinic[Symbol.asyncDispose]())

const of = ({ name, practice }: Example) => `${name} (${practice})`

for (const [at, example] of examples.entries()) {
  describe(of(example), () => {
    test('reads exactly what is theirs, by id', () => readsTheirs(example))
    test('finds exactly what is theirs, type by type', () => findsTheirs(example))
    test('finds in every other way what they would find if there were nothing else', () => findsAsAlone(example, at))
    test('is told by operations what they would be told if there were nothing else', () => isToldAsAlone(example, at))
  })
}

async function readsTheirs(example: Example) {
  const [model, token] = [clinic.modelOf(example), await clinic.tokenOf(example)]
  const reading = clinic.stored(example.practice).map(async (resource, at) => {
    const name = nameOf(resource)
    const reply = await clinic.get(example.practice, name, token)
    const expected = statusOf(model, resource)
    assert.equal(reply.status, expected, `${of(example)} read ${name}: ${reply.text.slice(0, 300)}`)
    if (expected !== 200) assertTellsNothing(resource, reply.text)
    if (expected === 403) assertNamesScope(example, resource.resourceType, reply.text)
    assertOnlyOf(example.practice, reply.text)
    if (given || at % 9 === 0) await assertNotRevealed(example, resource, token, expected)
  })
  await Promise.all(reading)
}

function statusOf(model: Model, resource: Resource) {
  if (!model.allows('read', resource.resourceType)) return 403
  return model.sees('read', resource) ? 200 : 404
}

/** HEAD and conditional reads answer as GET does. */
async function assertNotRevealed(example: Example, resource: Resource, token: string, expected: number) {
  const name = nameOf(resource)
  const head = await clinic.get(example.practice, name, token, {}, 'HEAD')
  assert.equal(head.status, expected, `HEAD ${name}`)
  if (expected === 200) return
  assert.equal(head.headers.etag ?? head.headers['last-modified'], undefined, name)
  for (const headers of [
    { 'if-none-match': 'W/"1"' },
    { 'if-none-match': '*' },
    { 'if-modified-since': 'Fri, 01 Jan 2100 00:00:00 GMT' },
  ]) {
    assert.equal((await clinic.get(example.practice, name, token, headers)).status, expected, name)
  }
}

function assertTellsNothing({ id }: Resource, text: string) {
  const { resourceType, ...rest } = JSON.parse(text) as { resourceType: string }
  assert.equal(resourceType, 'OperationOutcome')
  assert.ok(!JSON.stringify(rest).includes('urn:stored-at'), id)
}

function assertNamesScope({ scope }: Example, type: string, text: string) {
  const [issue] = (JSON.parse(text) as { issue: { code: string; details: { text: string } }[] }).issue
  assert.equal(issue?.code, 'forbidden')
  const said = issue?.details.text ?? ''
  const isAboutApp = /switched this app off|permitted this app|names \d/.test(said)
  assert.ok(isAboutApp || new RegExp(`(patient|user|system)/${type}\\.(r|s)`).test(said), `${scope}: ${said}`)
}

function assertOnlyOf(practice: string, text: string) {
  for (const other of ['north', 'south'])
    if (other !== practice)
      assert.ok(!text.includes(`"source":"${markOf(other)}"`), `${practice} answers with data of ${other}`)
}

async function findsTheirs(example: Example) {
  const [model, token] = [clinic.modelOf(example), await clinic.tokenOf(example)]
  const finding = knownTypes.map(async (type) => {
    const theirs = clinic
      .stored(example.practice)
      .filter((resource) => resource.resourceType === type && model.sees('search', resource))
    const found = await walk(clinic, example.practice, `${type}?_count=7&_total=accurate`, token)
    const told = `${of(example)} ${type}: ${found.says}`
    assertOnlyOf(example.practice, found.text)
    if (!model.allows('search', type)) {
      assert.equal(found.status, 403, told)
      assertNamesScope(example, type, found.text)
      return
    }
    assert.equal(found.status, 200, told)
    assert.deepEqual(found.matches.toSorted(), theirs.map(nameOf).toSorted(), told)
    assert.equal(found.total, theirs.length, told)
    const count = await walk(clinic, example.practice, `${type}?_summary=count`, token)
    assert.equal(count.total, theirs.length, told)
  })
  await Promise.all(finding)
}

/** Types that stand in the compartments of Patient and Practitioner. */
function isOfPatients(type: string) {
  return ['Patient', 'Observation', 'Encounter', 'Group', 'Provenance'].includes(type)
}

async function findsAsAlone(example: Example, seed: number) {
  const model = clinic.modelOf(example)
  const allowed = offered.filter(({ type }) => knownTypes.includes(type) && model.allows('search', type))
  const shapes = [...allowed.flatMap((each) => shapesOf(each, knownTypes)), ...(allowed.length > 0 ? systemShapes : [])]
  await Promise.all(sample(shapes, shapesEach, seed).map((shape) => assertAsAlone(example, shape)))
}

async function assertAsAlone(example: Example, shape: string) {
  const [model, token, mirror] = [
    clinic.modelOf(example),
    await clinic.tokenOf(example),
    await clinic.mirrorOf(example),
  ]
  const found = await walk(clinic, example.practice, shape, token)
  const told = `${of(example)} GET ${shape}`
  assertOnlyOf(example.practice, found.text)
  if (found.status === 403) {
    const isOfNone = found.says.startsWith('Cannot search across types')
    if (
      isOfNone &&
      shape.includes('/*') &&
      !knownTypes.some((type) => isOfPatients(type) && model.allows('search', type))
    )
      return
    const [, type = ''] = /Cannot search(?: over)? (\w+):/.exec(found.says) ?? []
    assert.ok(type !== '' && (!knownTypes.includes(type) || !model.allows('search', type)), `${told}: ${found.says}`)
    return
  }
  const alone = await walk(clinic, mirror.id, shape, mirror.token)
  assert.equal(found.status, alone.status, `${told}: ${found.says} / ${alone.says}`)
  assert.deepEqual(found.matches, alone.matches, told)
  assert.deepEqual(found.included, alone.included, told)
  assert.equal(found.total, alone.total, told)
}

async function isToldAsAlone(example: Example, seed: number) {
  await Promise.all(sample(operationShapes, given ?? 8, seed).map((shape) => assertAsAlone(example, shape)))
  const [model, token, mirror] = [
    clinic.modelOf(example),
    await clinic.tokenOf(example),
    await clinic.mirrorOf(example),
  ]
  for (const path of ['$meta', 'Observation/$meta', 'Patient/$meta']) {
    const [type = ''] = path.split('/$')
    const reply = await clinic.get(example.practice, path, token)
    const isAllowed = knownTypes.some((each) => (type === '$meta' || type === each) && model.allows('search', each))
    assert.equal(reply.status, isAllowed ? 200 : 403, `${of(example)} GET ${path}: ${reply.text.slice(0, 300)}`)
    if (isAllowed) assert.equal(reply.text, (await clinic.get(mirror.id, path, mirror.token)).text, path)
  }
}
