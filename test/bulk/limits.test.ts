/** How many exports there may be, and what is said to who wants one more. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#db'
import { begin, ended, exporting, newApp, respondAsync } from './exporting.ts'

test('one more than may wait is 429, and DELETE makes room', async () => {
  await using few = await exporting({ exportsRunning: '1', exportsQueued: '1' })
  const client = await newApp(few)
  const own = await few.token('system/*.rs', { client })
  const first = await begin(few, '$export', own)
  await begin(few, '$export', own)
  const refused = await few.send('GET', '/north/fhir/r4/$export', own, respondAsync)
  assert.equal(refused.status, 429, refused.text)
  assert.equal(refused.headers['retry-after'], '1', 'it has run for no time')
  assert.match(refused.json.issue[0].details.text, /1 exports of this app wait already/)
  const states = async () =>
    (await few.send('GET', '/north/fhir/r4/$export-status', own)).json.exports.map(
      (one: { state: string }) => one.state,
    )
  assert.deepEqual(await states(), ['queued', 'running'])
  await begin(few, '$export', await few.token()) // another app has its own count
  assert.equal((await few.send('DELETE', first, own)).status, 202)
  assert.deepEqual(await states(), ['running'])
  await begin(few, '$export', own)
})

test('P27: a practice has limits of its own, over all apps', async () => {
  await using few = await exporting({ exportsRunning: '5', practiceExportsRunning: '2', practiceExportsQueued: '2' })
  const [one, other] = [
    await few.token('system/*.rs', { client: await newApp(few) }),
    await few.token('system/*.rs', { client: await newApp(few) }),
  ]
  for (const app of [one, one, one, other]) await begin(few, '$export', app)
  const refused = await few.send('GET', '/north/fhir/r4/$export', other, respondAsync)
  assert.equal(refused.status, 429, refused.text)
  assert.match(refused.json.issue[0].details.text, /2 exports wait already at this practice/)
  const { exports: own } = (await few.send('GET', '/north/fhir/r4/$export-status', one)).json
  assert.equal((await few.send('DELETE', own.at(-1).status, one)).status, 202)
  await begin(few, '$export', other)
})

/** A tenth of it is 20 s, also when nine seconds have passed. */
const ago = sql`interval '196 seconds'`

for (const [title, limits, says] of [
  ['of this app', { exportsRunning: '1', exportsQueued: '1' }, /1 exports of this app wait already/],
  ['at the practice', { practiceExportsRunning: '1', practiceExportsQueued: '1' }, /1 exports wait already at this/],
] as const) {
  test(`P27: who is one too many ${title} is told to wait as long as status tells of what runs`, async () => {
    await using few = await exporting(limits)
    const own = await few.token('system/*.rs', { client: await newApp(few) })
    const running = await begin(few, '$export', own)
    await begin(few, '$export', own)
    await few.app.installation.db.run(
      sql`update export set created_at = now() - ${ago} where practice = ${few.practice.number} and state = 'running'`,
    )
    const refused = await few.send('GET', '/north/fhir/r4/$export', own, respondAsync)
    assert.equal(refused.status, 429, refused.text)
    assert.match(refused.json.issue[0].details.text, says)
    assert.equal(refused.headers['retry-after'], '20')
    assert.equal((await few.send('GET', running, own)).headers['retry-after'], '20')
  })
}

test('of kick-offs at once no more run than may', async () => {
  await using few = await exporting({ exportsRunning: '2' })
  const own = await few.token()
  await Promise.all(Array.from({ length: 10 }, () => begin(few, '$export', own)))
  const { exports: all } = (await few.send('GET', '/north/fhir/r4/$export-status', own)).json
  assert.equal(all.length, 10)
  assert.equal(all.filter(({ state }: { state: string }) => state === 'running').length, 2)
})

test('B8: 90 kick-offs in a row from one app, each cancelled at once, meet no limit; nor do they uncancelled', async () => {
  await using plain = await exporting({ exportsRunning: '2' })
  const own = await plain.token()
  for (let n = 0; n < 90; n++) {
    const status = await begin(plain, '$export', own)
    if (n % 2 === 0) assert.equal((await plain.send('DELETE', status, own)).status, 202)
  }
  for (let n = 0; n < 45; n++) await begin(plain, '$export', own)
})

test('exports whose files nobody deletes are limited, too', async () => {
  await using few = await exporting({ exportsKept: '1' })
  const own = await few.token('system/*.rs', { client: await newApp(few) })
  await few.work()
  const first = await begin(few, '$export?_type=Patient', own)
  assert.equal((await ended(few, first, own)).status, 200)
  const refused = await few.send('GET', '/north/fhir/r4/$export', own, respondAsync)
  assert.equal(refused.status, 429, refused.text)
  assert.match(refused.json.issue[0].details.text, /files of 1 exports of this app lie here already; DELETE/)
  assert.equal((await few.send('DELETE', first, own)).status, 202)
  await begin(few, '$export?_type=Patient', own)
})

test('files that take too much of the practice are limited, whosever they are', async () => {
  await using few = await exporting({ practiceExportsGigabytes: '3' })
  const [mine, other] = [
    await few.token('system/*.rs', { client: await newApp(few) }),
    await few.token('system/*.rs', { client: await newApp(few) }),
  ]
  await few.work()
  const exported = async (own: string) => {
    const status = await begin(few, '$export?_type=Patient', own)
    assert.equal((await ended(few, status, own)).status, 200)
    return status
  }
  const first = await exported(mine)
  await exported(other)
  await few.app.installation.db.run(
    sql`update export_file set stored_bytes = 2000000000 where practice = ${few.practice.number}`,
  )
  const refused = await few.send('GET', '/north/fhir/r4/$export', mine, respondAsync)
  assert.equal(refused.status, 429, refused.text)
  assert.equal(refused.headers['retry-after'], '30')
  assert.match(
    refused.json.issue[0].details.text,
    /more than 3 GB of exports lie here at this practice, and 2\.0 GB of them are of this app; DELETE those that are/,
  )
  assert.equal((await few.send('DELETE', first, mine)).status, 202)
  await exported(other)
})
