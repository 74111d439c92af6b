import assert from 'node:assert/strict'
import { createReadStream, existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { createZstdDecompress } from 'node:zlib'
import { extract } from 'tar-stream'
import { sql } from '#db'
import { type Clinic, clinic, statuses } from './clinic.ts'

const archive = new URL('../../../shared/data/synthea/bundles-21-raw-synthea-transactions.tar.zst', import.meta.url)
const skip = !existsSync(archive) && 'needs ../shared'

interface Posted {
  readonly type: 'batch' | 'transaction'
  readonly entry: readonly { readonly resource: { readonly resourceType: string } }[]
}

let here: Clinic
before(async () => {
  here = await clinic()
})
after(() => here[Symbol.asyncDispose]())

/**
 * Hospitals and practitioners first, as Synthea asks; then those who refer to them by identifier, before those who bring
 * hospitals and practitioners of their own under the same identifiers.
 */
async function published(): Promise<{ name: string; content: string }[]> {
  const files: { name: string; content: string }[] = []
  for await (const entry of createReadStream(archive).pipe(createZstdDecompress()).pipe(extract())) {
    const content = await text(entry)
    if (entry.header.type === 'file') files.push({ name: entry.header.name, content })
  }
  const rank = ({ name, content }: { name: string; content: string }) =>
    /Information\d/.test(name) ? 0 : content.includes('"Practitioner?') ? 1 : 2
  return files.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
}

test('the Bundles that Synthea publishes are posted as they are', { skip }, async () => {
  const expected = new Map<string, number>()
  for (const { name, content } of await published()) {
    const { type, entry } = JSON.parse(content) as Posted
    const answer = await here.postText(content)
    assert.equal(answer.status, 200, `${name}: ${answer.text.slice(0, 500)}`)
    assert.equal(answer.json.type, `${type}-response`)
    const made = statuses(answer)
    assert.equal(made.length, entry.length)
    for (const [index, { resource }] of entry.entries()) {
      assert.equal(made[index], 201, `${name}: entry ${index} answered ${made[index]}`)
      expected.set(resource.resourceType, (expected.get(resource.resourceType) ?? 0) + 1)
    }
  }
  assert.equal(expected.get('Patient'), 21)
  for (const [type, count] of expected) assert.equal(await here.count(type), count, type)
})

test('every reference of what was posted leads to what is stored', { skip }, async () => {
  const { number } = here.practice
  const stored = new Set<string>()
  const references = new Set<string>()
  const { db } = here.app.installation
  for (const { body } of await db.many<{ body: string }>(sql`select body from resource where practice = ${number}`)) {
    const { resourceType, id } = JSON.parse(body)
    stored.add(`${resourceType}/${id}`)
    for (const [, reference = ''] of body.matchAll(/"reference"\s*:\s*"([^"#][^"]*)"/g)) references.add(reference)
  }
  assert.ok(references.size > 1000)
  const dangling = [...references].filter((reference) => !stored.has(reference))
  assert.deepEqual(dangling, [])
})

test('the same batch again makes nothing twice', { skip }, async () => {
  const files = await published()
  const hospitals = files.find(({ name }) => name.includes('hospitalInformation'))
  const { entry } = JSON.parse(hospitals?.content ?? '') as Posted
  const before = await here.count('Organization')
  const again = statuses(await here.post('batch', entry.slice(0, 200)))
  // 412: others brought hospitals of their own under the same identifier
  assert.deepEqual(new Set(again).difference(new Set([200, 412])), new Set())
  assert.ok(again.filter((status) => status === 200).length > 100)
  assert.equal(await here.count('Organization'), before)
})
