/** Each principal sees of every history the versions that are theirs by their own content, and no other; `model.ts` says which. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Clinic, openClinic } from './clinic.ts'
import { examples } from './examples.ts'
import { type Example, type Interaction, knownTypes, type Model } from './model.ts'
import { deletedOf, earlierOf, type PastVersion, versionsOf } from './past.ts'
import { markOf } from './records.ts'

/** Of the versions so many are read one by one; LEAKS=n reads them all. */
const every = process.env.LEAKS === undefined ? 7 : 1

let clinic: Clinic

before(async () => {
  clinic = await openClinic({ before: earlierOf })
  for (const id of ['north', 'south']) {
    const [practice, deleted] = [clinic.practice(id), deletedOf(id)]
    await clinic.app.load(practice, deleted)
    const deletions = deleted.map(({ resourceType: type, id: name }) => ({ kind: 'delete', type, id: name }) as const)
    await clinic.app.storeOf(practice).write(deletions)
  }
})
after(() => clinic[Symbol.asyncDispose]())

for (const [at, example] of examples.entries()) {
  describe(`${example.name} (${example.practice})`, () => {
    test('is shown exactly what is theirs in the history of each type and of all', () => showsTheirs(example))
    test('reads exactly the versions that are theirs', () => readsTheirs(example, at))
  })
}

const seenBy = (model: Model, interaction: Interaction) => (version: PastVersion) =>
  model.sees(interaction, version.resource, version.isPast)

async function showsTheirs(example: Example) {
  const model = clinic.modelOf(example)
  const theirs = versionsOf(example.practice, clinic.stored(example.practice)).filter(seenBy(model, 'search'))
  const showing = knownTypes.map(async (type) => {
    const found = await listed(example, `${type}/_history?_count=9`)
    if (!model.allows('search', type)) {
      assert.equal(found.status, 403, `${type}: ${found.text}`)
      return
    }
    assert.equal(found.status, 200, `${type}: ${found.text}`)
    const expected = theirs.filter(({ resource }) => resource.resourceType === type)
    assert.deepEqual(found.versions.toSorted(), expected.map(told).toSorted(), type)
  })
  await Promise.all(showing)
  const all = await listed(example, '_history?_count=100')
  assert.deepEqual(all.versions.toSorted(), theirs.map(told).toSorted(), all.text.slice(0, 300))
}

const told = ({ name, version, isDeletion }: PastVersion) => `${name} ${version}${isDeletion ? ' deleted' : ''}`

interface Bundle {
  readonly link?: readonly { readonly relation: string; readonly url: string }[]
  readonly entry?: readonly {
    readonly fullUrl: string
    readonly resource?: object
    readonly response: { readonly etag: string; readonly lastModified: string }
  }[]
}

/** All pages of a history. */
async function listed(example: Example, path: string) {
  const token = await clinic.tokenOf(example)
  const entries: NonNullable<Bundle['entry']>[number][] = []
  let next: string | undefined = path
  let [status, text] = [0, '']
  while (next !== undefined) {
    ;({ status, text } = await clinic.get(example.practice, next, token))
    assertOnlyOf(example.practice, text)
    const { entry = [], link = [] } = JSON.parse(text) as Bundle
    entries.push(...entry)
    next = link.find(({ relation }) => relation === 'next')?.url
  }
  const times = entries.map(({ response }) => response.lastModified)
  assert.deepEqual(times, times.toSorted().reverse(), path)
  const versions = entries.map(({ fullUrl, resource, response }) => {
    const [name, version] = [fullUrl.split('/').slice(-2).join('/'), /\d+/.exec(response.etag)]
    return `${name} ${version}${resource ? '' : ' deleted'}`
  })
  return { status, text, versions }
}

function assertOnlyOf(practice: string, text: string) {
  const other = practice === 'north' ? 'south' : 'north'
  assert.ok(!text.includes(`"source":"${markOf(other)}"`), `${practice} answers with data of ${other}`)
}

async function readsTheirs(example: Example, seed: number) {
  const [model, token] = [clinic.modelOf(example), await clinic.tokenOf(example)]
  const versions = versionsOf(example.practice, clinic.stored(example.practice))
  const some = versions.filter((_, at) => at % every === seed % every)
  const reading = some.map(async (version) => {
    const { name, resource } = version
    const isAllowed = model.allows('read', resource.resourceType)
    const read = await clinic.get(example.practice, `${name}/_history/${version.version}`, token)
    assert.equal(read.status, isAllowed ? statusOf(model, version) : 403, `${told(version)}: ${read.text}`)
    const theirs = versions.filter((each) => each.name === name && seenBy(model, 'read')(each))
    const history = await listed(example, `${name}/_history`)
    assert.equal(history.status, isAllowed ? (theirs.length > 0 ? 200 : 404) : 403, `${name}: ${history.text}`)
    assert.deepEqual(history.versions.toSorted(), theirs.map(told).toSorted(), name)
  })
  await Promise.all(reading)
}

function statusOf(model: Model, version: PastVersion) {
  if (!seenBy(model, 'read')(version)) return 404
  return version.isDeletion ? 410 : 200
}
