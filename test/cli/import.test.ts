import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '#db'
import { generate } from '#sandbox'
import { testDatabase } from '../support/database.ts'
import { charthouse, folder, start } from './command.ts'

test('import loads, changes nothing the second time, versions what changed, tells bad lines', async () => {
  await using data = await folder()
  const environment = { DATA_DIR: join(data.path, 'data') }
  await charthouse(['practice', 'add', 'north', '--time-zone', 'America/Chicago'], environment)
  const file = join(data.path, `${basename(data.path)}.ndjson`) // faults go to a file of its name where all tests run
  const patient = (family: string) => JSON.stringify({ resourceType: 'Patient', id: 'p', name: [{ family }] })
  writeFileSync(file, `${patient('One')}\n`)
  const load = () => charthouse(['import', file, '--practice', 'north'], environment)
  assert.match((await load()).out, /: 1 created\n/)
  assert.match((await load()).out, /: 0 created, 1 unchanged\n/)
  writeFileSync(file, `${patient('Two')}\n{"resourceType":"Patient","id":"q","gender":"blue"}\n`)
  const third = await load()
  assert.equal(third.status, 1)
  assert.match(third.out, /1 updated, 1 failed/)
  const [, errorsFile = ''] = /stands, with file, line and reason, in (.*)/.exec(third.err) ?? []
  assert.match(readFileSync(errorsFile, 'utf8'), /"line":2.*gender/)
  rmSync(errorsFile)
})

test('an import that is killed goes on where it was', async () => {
  await using database = await testDatabase()
  await using data = await folder()
  const environment = { DATABASE_URL: database.url, DATA_DIR: data.path }
  await charthouse(['practice', 'add', 'north'], environment)
  const file = join(data.path, 'many.ndjson')
  const lines = [...generate({ patients: 12, seed: 5, usCore: '6.1.0' })]
  writeFileSync(file, `${lines.join('\n')}\n`)
  const stored = async () =>
    (await database.db.maybeOne<{ count: number }>(sql`select count(*)::int from resource where practice = 1`))?.count
  const killed = start(['import', '-', '--practice', 'north'], environment)
  killed.process.stdin?.on('error', () => undefined).write(`${lines.slice(0, -1).join('\n')}\n`) // the last does not come
  while (killed.process.exitCode === null && (await stored()) === 0) await sleep(20)
  killed.process.kill('SIGKILL')
  await killed.finished
  const before = await stored()
  assert.ok(before && before < lines.length, `${before} of ${lines.length} were stored`)
  const again = await charthouse(['import', file, '--practice', 'north'], environment)
  assert.equal(again.status, 0, again.err)
  const [created = 0, unchanged = 0] = ['created', 'unchanged'].map((outcome) =>
    Number(new RegExp(`([\\d,]+) ${outcome}`).exec(again.out)?.[1]?.replaceAll(',', '')),
  )
  assert.equal(created + unchanged, lines.length)
  assert.ok(unchanged >= before, again.out)
})
