import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '#db'
import { openFileStore } from '#files'
import { Problem } from '#lib'
import { exportEngine, lives } from '../support/export-engine.ts'
import { filesInBucket } from '../support/file-stores.ts'
import { assertSame } from '../support/made-export.ts'

test('a part that is broken off again and again goes on behind its last file, from type to type, and holds no line twice', async () => {
  await using engine = await exportEngine()
  const practice = await engine.addPractice()
  // types in turns, so that a place in one of them says nothing of the others
  const resources = lives(2)
  await practice.load(resources.filter((_, i) => i % 2 === 0))
  await practice.load(resources.filter((_, i) => i % 2 === 1))
  let created = 0
  engine.beforeFinish = () => sleep(10) // the next file is begun before this one is committed
  engine.beforeCreate = async () => {
    if (++created % 3 === 0) throw new Problem('unavailable', 'The store of files cannot be reached')
  }
  const { exported, lines, files } = await practice.run({}, { mostLines: 40 })
  assertSame(lines, await practice.stateAt(exported.t))
  assert.ok(created > files.length + 5)
})

test('workers that are stopped hand over what they have not finished', async () => {
  await using engine = await exportEngine({ isIdle: true })
  const practice = await engine.addPractice()
  await practice.load(lives(2))
  const id = await practice.begin({}, { mostLines: 20 })
  let stops = 0
  let created = 0
  while ((await practice.find(id)).state === 'running') {
    const some = Promise.withResolvers<void>()
    engine.beforeCreate = async () => {
      if (++created % 7 === 0) some.resolve()
    }
    const worker = await engine.addWorker()
    await Promise.race([some.promise, practice.ended(id)])
    await worker[Symbol.asyncDispose]()
    stops++
  }
  const { exported, lines } = await practice.made(id)
  assertSame(lines, await practice.stateAt(exported.t))
  assert.ok(stops > 3)
})

test('storage that is away for a while is waited for, and nothing is lost', async () => {
  await using bucket = await filesInBucket()
  await using engine = await exportEngine({ files: await openFileStore(bucket.settings, 'test') })
  const practice = await engine.addPractice()
  await practice.load(lives(1))
  let finished = 0
  engine.beforeFinish = async () => {
    if (++finished !== 3) return
    await bucket.server.goAway()
    setTimeout(() => void bucket.server.come(), 1000) // it is given up after 1.27 s of pauses
  }
  const { exported, lines } = await practice.run({}, { mostLines: 40 })
  assertSame(lines, await practice.stateAt(exported.t))
})

test('connections to the database that are lost at any moment are opened anew, and nothing is lost', async () => {
  await using engine = await exportEngine()
  const practice = await engine.addPractice()
  await practice.load(lives(1))
  const { db } = engine.app.installation
  const id = await practice.begin({}, { mostLines: 20 })
  let isOver = false
  const ending = (async () => {
    while (!isOver) {
      await sleep(150)
      // a machine that gets nowhere between two such moments would give the job up
      const isTried = sql`exists (select 1 from job where practice = ${practice.record.number} and state in ('waiting', 'running') and attempts > 4)`
      const others = sql`pid <> pg_backend_pid() and datname = current_database() and random() < 0.7 and not ${isTried}`
      await db.many(sql`select pg_terminate_backend(pid) from pg_stat_activity where ${others}`).catch(() => undefined)
    }
  })()
  for (let tries = 0; tries < 1000; tries++) {
    const exported = await practice.find(id).catch(() => undefined)
    if (exported?.state === 'done') break
    await sleep(50)
  }
  isOver = true
  await ending
  // until the pool knows of all that were lost: as many at once as it has, and more
  const areAlive = () =>
    Promise.all(Array.from({ length: 50 }, () => db.many(sql`select 1`))).then(
      () => true,
      () => false,
    )
  while (!(await areAlive()));
  const { exported, lines } = await practice.made(id)
  assertSame(lines, await practice.stateAt(exported.t))
})

test('a group whose types are read together goes on behind the last file of any of them', async () => {
  await using engine = await exportEngine()
  const practice = await engine.addPractice()
  const resources = lives(2)
  await practice.load(resources.filter((_, i) => i % 2 === 0))
  await practice.load(resources.filter((_, i) => i % 2 === 1))
  const member = ['p1', 'p2'].map((id) => ({ entity: { reference: `Patient/${id}` } }))
  await practice.load([{ resourceType: 'Group', id: 'g', type: 'person', actual: true, member }])
  const request = { level: 'group', group: 'g' } as const
  const { lines: expected } = await practice.run(request)
  let created = 0
  engine.beforeCreate = async () => {
    if (++created % 5 === 0) throw new Problem('unavailable', 'The store of files cannot be reached')
  }
  const { lines, files } = await practice.run(request, { mostLines: 40 })
  assertSame(lines, expected)
  assert.ok(created > files.length + 5)
})
