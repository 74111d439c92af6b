/**
 * Every door to an export, its status, its list, DELETE, its files by token and by address, tried by everybody who has no
 * right to it; and by the app itself when the practice or the platform has taken its rights back.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { installationKey, type PracticeRecord, permitApp, setAppState, setPermissionState } from '#platform'
import { ticketFor } from '../../src/bulk/download/ticket.ts'
import { begin, type Exporting, ended, exporting, newApp } from '../bulk/exporting.ts'
import { keptMs, moveClock } from '../support/clock.ts'

/** A practice whose files need a token, and one whose addresses are enough. */
let north: Exporting
let open: Exporting
let south: PracticeRecord
let client: string
let mine: Made

interface Made {
  readonly token: string
  readonly status: string
  readonly id: string
  readonly files: readonly string[]
}

before(async () => {
  north = await exporting({ exportUrls: 'bearer' })
  open = await exporting({ exportUrls: 'capability' })
  await Promise.all([north.work(), open.work()])
  south = await north.app.addPractice('south')
  client = await newApp(north)
  await permitApp(north.app.installation.db, south.number, client, everything)
  mine = await made(north, client)
})
after(() => Promise.all([north[Symbol.asyncDispose](), open[Symbol.asyncDispose]()]))

const everything = { scopes: 'system/*.rs', types: undefined, groups: undefined }

/** An export that is done, of two types. */
async function made(at: Exporting, of: string, path = '$export?_type=Patient,Observation'): Promise<Made> {
  const token = await at.token('system/*.rs', { client: of })
  const status = await begin(at, path, token)
  const done = await ended(at, status, token)
  assert.equal(done.status, 200, done.text)
  const files = done.json.output.map(({ url }: { url: string }) => url)
  return { token, status, files, id: status.slice(status.lastIndexOf('/') + 1) }
}

/** Status of each way to an export. */
async function tried(at: Exporting, { status, files }: Made, token: string | undefined) {
  const [file = ''] = files
  const doors = {
    status: await at.send('GET', status, token),
    page: await at.send('GET', `${status}?page=1`, token),
    file: await at.send('GET', file, token),
    head: await at.send('HEAD', file, token),
    range: await at.send('GET', file, token, { range: 'bytes=0-9' }),
    delete: await at.send('DELETE', status, token),
  }
  for (const [door, { status: code, text, headers }] of Object.entries(doors)) {
    if (code < 400) continue
    assert.ok(!/Smith|birthDate|\$export-file/.test(text), `${door} tells: ${text}`)
    for (const told of ['etag', 'x-progress', 'expires', 'content-range', 'content-disposition'])
      assert.equal(headers[told], undefined, `${door} tells ${told}`)
  }
  return Object.fromEntries(Object.entries(doors).map(([door, answer]) => [door, answer.status]))
}

const each = (code: number) => ({ status: code, page: code, file: code, head: code, range: code, delete: code })

async function listed(at: Exporting, token: string, practice = 'north') {
  const answer = await at.send('GET', `/${practice}/fhir/r4/$export-status`, token)
  return { code: answer.status, ids: (answer.json.exports ?? []).map(({ id }: { id: string }) => id) as string[] }
}

const person = { user: 'Practitioner/d1' } as const

describe('an export is nobody’s but its app’s', () => {
  // biome-ignore format: a table
  for (const [who, grant, doors, list] of [
    ['the operator',                            { client: 'operator' },                                                                404, 200],
    ['a person of the same app, administrator', { scope: 'user/*.rs', ...person, role: 'administrator' },                                404, 200],
    ['a clinician of the same app',             { scope: 'user/*.rs', ...person, role: 'clinician' },                                    403, 403],
    ['a patient of the same app',               { scope: 'patient/*.rs', user: 'Patient/p1', role: 'patient', patients: ['p1'] },       403, 403],
    ['a token without scopes of data',          { scope: 'launch openid' },                                                              403, 403],
  ] as const) {
    test(`${who} is told ${doors}`, async () => {
      const token = await north.app.token(north.practice, { scope: 'system/*.rs', client, ...(grant as object) })
      assert.deepEqual(await tried(north, mine, token), each(doors))
      const { code, ids } = await listed(north, token)
      assert.deepEqual([code, ids.includes(mine.id)], [list, false])
    })
  }

  for (const scope of ['system/*.cud', 'system/*.s', 'system/Condition.rs', 'system/Patient.rs']) {
    test(`a token of the same app for ${scope} knows that there is one, and no more`, async () => {
      const token = await north.app.token(north.practice, { scope, client })
      const { status, page, delete: deleted, ...files } = await tried(north, mine, token)
      assert.deepEqual([status, page, deleted], [403, 403, 403])
      const isCovered = scope === 'system/Patient.rs' && mine.files[0]?.includes('Patient')
      if (!isCovered) assert.deepEqual(files, { file: 403, head: 403, range: 403 })
      assert.deepEqual(await listed(north, token), { code: 200, ids: [mine.id] })
    })
  }

  test('another app that is permitted the same is told 404', async () => {
    const other = await north.token('system/*.rs', { client: await newApp(north) })
    assert.deepEqual(await tried(north, mine, other), each(404))
    assert.deepEqual(await listed(north, other), { code: 200, ids: [] })
  })

  test('a stranger is told 401', async () => {
    assert.deepEqual(await tried(north, mine, undefined), each(401))
    assert.deepEqual(await tried(north, mine, 'nonsense'), each(401))
  })

  test('the same app at another practice is told 401 here, and nothing there', async () => {
    const there = await north.app.token(south, { scope: 'system/*.rs', client })
    assert.deepEqual(await tried(north, mine, there), each(401))
    const moved = (address: string) => address.replace('/north/', '/south/')
    const elsewhere = { ...mine, status: moved(mine.status), files: mine.files.map(moved) }
    assert.deepEqual(await tried(north, elsewhere, there), each(404))
    assert.deepEqual(await listed(north, there, 'south'), { code: 200, ids: [] })
    assert.deepEqual(await tried(north, elsewhere, mine.token), each(401))
  })

  test('a token of the same app with narrower scopes has no file that it does not cover', async () => {
    const scopes = ['system/Condition.rs', 'system/Patient.rs?gender=other system/Observation.rs?status=final']
    for (const scope of scopes) {
      const narrow = await north.app.token(north.practice, { scope, client })
      for (const file of mine.files) assert.equal((await north.send('GET', file, narrow)).status, 403, scope)
    }
  })

  test('ids and names that are no export’s or of another file are 404', async () => {
    const own = mine.files[0] ?? ''
    for (const [address] of [
      [own.replace(mine.id, '0'.repeat(32))],
      [own.replace(mine.id, mine.id.toUpperCase())],
      [own.replace(mine.id, `${mine.id}%27`)],
      [own.replace(/[^/]+$/, 'Condition-1.ndjson')],
      [own.replace(/[^/]+$/, '..%2F..%2Fmarker')],
      [mine.status.replace(mine.id, '0'.repeat(32))],
      [mine.status.replace(mine.id, '%25')],
    ] as const) {
      assert.equal((await north.send('GET', address, mine.token)).status, 404, address)
    }
  })

  test('after all of that it is whole, and its app’s', async () => {
    for (const address of [mine.status, ...mine.files])
      assert.equal((await north.send('GET', address, mine.token)).status, 200)
    assert.deepEqual((await listed(north, mine.token)).ids, [mine.id])
  })
})

describe('a ticket is good for its file, and as long as its export is', () => {
  const fetched = async (address: string) => (await open.send('GET', address)).status
  const ticketIn = (address: string) => new URL(address).searchParams.get('ticket') ?? ''
  const withTicket = (address: string, ticket: string) => address.replace(/ticket=.*/, `ticket=${ticket}`)

  test('not for another file, another export, or another practice', async () => {
    const [first, second] = [await made(open, await newApp(open)), await made(open, await newApp(open))]
    const [one = '', other = ''] = first.files
    assert.deepEqual([await fetched(one), await fetched(other)], [200, 200])
    assert.equal(await fetched(withTicket(other, ticketIn(one))), 404)
    assert.equal(await fetched(withTicket(second.files[0] ?? '', ticketIn(one))), 404)
    await open.app.addPractice('east')
    assert.equal(await fetched(one.replace('/north/', '/east/')), 404)
  })

  test('not for longer, not shortened, not made by somebody else, and for nothing but files', async () => {
    const { files, id, status } = await made(open, await newApp(open))
    const [file = ''] = files
    const [until = '', seal = ''] = ticketIn(file).split('.')
    for (const ticket of [`z${until}.${seal}`, `${until}.${seal.slice(1)}`, `${until}.`, `.${seal}`, '.', '', 'x'])
      assert.equal(await fetched(withTicket(file, ticket)), 404, ticket)
    assert.equal((await open.send('GET', `${status}?ticket=${ticketIn(file)}`)).status, 401)
    assert.equal((await open.send('DELETE', `${status}?ticket=${ticketIn(file)}`)).status, 401)
    const key = await installationKey(open.app.installation.db, 'export-files')
    const named = { practice: open.practice.number, id, name: new URL(file).pathname.split('/').at(-1) ?? '' }
    assert.equal(await fetched(withTicket(file, ticketFor(key, named, Date.now() + 60_000))), 200)
    assert.equal(await fetched(withTicket(file, ticketFor(key, named, Date.now() - 1000))), 404, 'expired')
  })

  test('not where files need a token, nor after DELETE', async () => {
    const key = await installationKey(north.app.installation.db, 'export-files')
    const [file = ''] = mine.files
    const named = { practice: north.practice.number, id: mine.id, name: file.slice(file.lastIndexOf('/') + 1) }
    const ticket = ticketFor(key, named, Date.now() + 60_000)
    assert.equal((await north.send('GET', `${file}?ticket=${ticket}`)).status, 404)
    const gone = await made(open, await newApp(open))
    assert.equal((await open.send('DELETE', gone.status, gone.token)).status, 202)
    assert.equal(await fetched(gone.files[0] ?? ''), 404)
  })
})

describe('rights that end take everything away', () => {
  type Ending = (at: Exporting, of: string) => Promise<unknown>
  const permit = (permitted: object): Ending => {
    return ({ app, practice }, of) =>
      permitApp(app.installation.db, practice.number, of, { ...everything, ...permitted })
  }
  const state = (to: 'disabled' | 'suspended'): Ending => {
    return ({ app, practice }, of) =>
      setPermissionState(app.installation.db, practice.number, of, { state: to, reason: 'why' })
  }
  const appState = (to: 'suspended' | 'retired' | 'rejected'): Ending => {
    return ({ app }, of) => setAppState(app.installation.db, of, { state: to, reason: 'why' })
  }
  const group = 'Group/g1/$export?_type=Patient,Observation'
  // biome-ignore format: a table
  const endings: readonly (readonly [title: string, end: Ending, path?: string])[] = [
    ['the practice has switched the app off',       state('disabled')],
    ['the practice has suspended the app',          state('suspended')],
    ['the platform has suspended the app',          appState('suspended')],
    ['the app has been retired',                    appState('retired')],
    ['the platform has rejected the app',           appState('rejected')],
    ['the practice permits fewer types',            permit({ types: ['Condition'] })],
    ['the practice permits other scopes',           permit({ scopes: 'system/Condition.rs' })],
    ['the practice permits a part of the records',  permit({ scopes: 'system/Patient.rs?gender=other system/Observation.rs?status=final' })],
    ['the practice permits groups only',            permit({ groups: ['g1'] })],
    ['the practice permits another group',          permit({ groups: ['g2'] }), group],
  ]

  test('status, files by token and by address, whatever ended', async () => {
    const all: { title: string; at: Exporting; made: Made; end: Ending; of: string }[] = []
    for (const [title, end, path] of endings) {
      for (const at of [north, open]) {
        const of = await newApp(at)
        all.push({ title, at, of, end, made: await made(at, of, path) })
      }
    }
    for (const { at, of, end } of all) await end(at, of)
    moveClock(keptMs)
    for (const { title, at, made: it } of all) {
      const token = at === north ? it.token : undefined
      for (const file of it.files) {
        for (const method of ['GET', 'HEAD']) {
          const answer = await at.send(method, file, token)
          assert.ok(
            [401, 403].includes(answer.status),
            `${title}: ${method} ${answer.status} ${answer.text.slice(0, 99)}`,
          )
        }
      }
      const begun = await at.send('GET', new URL(it.status).pathname, it.token)
      const isPart = title.includes('a part') // the manifest holds no data, and the types are still permitted
      assert.ok((isPart ? [200] : [401, 403]).includes(begun.status), `${title}: status ${begun.status}`)
    }
  })
})
