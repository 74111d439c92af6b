import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { generate } from '#sandbox'
import { charthouse, folder, start } from './command.ts'

test('import loads, changes nothing the second time, versions what changed, tells bad lines', async () => {
  await using data = await folder()
  const environment = { DATA_DIR: join(data.path, 'data') }
  await charthouse(['practice', 'add', 'north', '--time-zone', 'America/Chicago'], environment)
  const file = join(data.path, 'some.ndjson')
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
  await using data = await folder()
  const environment = { DATA_DIR: join(data.path, 'data') }
  await charthouse(['practice', 'add', 'north'], environment)
  const file = join(data.path, 'many.ndjson')
  const lines = [...generate({ patients: 12, seed: 5, usCore: '6.1.0' })]
  writeFileSync(file, `${lines.join('\n')}\n`)
  const killed = start(['import', file, '--practice', 'north'], environment)
  await sleep(1500)
  killed.process.kill('SIGKILL')
  await killed.finished
  const again = await charthouse(['import', file, '--practice', 'north'], environment)
  assert.equal(again.status, 0, again.err)
  const numbers = [...again.out.matchAll(/([\d,]+) (created|unchanged)/g)].map(([, count = '']) =>
    Number(count.replaceAll(',', '')),
  )
  assert.equal(
    numbers.reduce((sum, count) => sum + count, 0),
    lines.length,
  )
})
