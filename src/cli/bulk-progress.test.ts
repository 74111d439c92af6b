import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Progress } from '#bulk-client'
import { bulkProgress, bulkProgressText } from './bulk-progress.ts'

const waiting: Progress = { serverSays: '40% Observation', files: 0, filesLoaded: 0, bytes: 0 }
const loading: Progress = { serverSays: undefined, files: 8, filesLoaded: 2, bytes: 12_300_000 }

for (const [progress, text] of [
  [waiting, 'waiting for the server, 00:10: 40% Observation'],
  [{ ...waiting, serverSays: '' }, 'waiting for the server, 00:10'],
  [loading, '2 of 8 files, 12.3 MB, 1.2 MB/s'],
  [{ ...loading, serverSays: '60%' }, '2 of 8 files, 12.3 MB, 1.2 MB/s; more to come: 60%'],
] as const) {
  test(`bulkProgressText() says "${text}"`, () => assert.equal(bulkProgressText(progress, 10), text))
}

for (const [name, progress, bar] of [
  ['how far the server is', waiting, '[========            ] waiting'],
  ['how many files are here', loading, '[=====               ] 2 of 8'],
] as const) {
  test(`bulkProgress() draws ${name} on a terminal`, () => {
    const written: string[] = []
    bulkProgress({ isTTY: true, columns: 40, write: (text) => written.push(text) }, () => 0).update(progress)
    assert.ok(written[0]?.startsWith(`\r${bar}`), written[0])
    assert.equal(written[0]?.replace('\u001b[K', '').length, 40)
  })
}

test('bulkProgress() lets time go on while nothing comes from the server', () => {
  const written: string[] = []
  let now = 0
  const progress = bulkProgress({ isTTY: true, columns: 80, write: (text) => written.push(text) }, () => now)
  progress.update(waiting)
  now = 1000
  progress.tick()
  assert.match(written[1] ?? '', /00:01/)
})

test('bulkProgress() writes a plain line every five seconds where there is no terminal', () => {
  const written: string[] = []
  let now = 0
  const progress = bulkProgress({ write: (text) => written.push(text) }, () => now)
  for (now = 0; now < 10_000; now += 100) progress.update(waiting)
  assert.deepEqual(written, [
    'waiting for the server, 00:00: 40% Observation\n',
    'waiting for the server, 00:05: 40% Observation\n',
  ])
})
