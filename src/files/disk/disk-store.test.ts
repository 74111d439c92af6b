import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { filesOnDisk } from '../../../test/support/file-stores.ts'
import { openFileStore } from '../index.ts'
import { diskFailure } from './disk-failure.ts'
import { diskWriter } from './disk-writer.ts'
import { pathOf } from './path-of.ts'

test('a killed process leaves nothing that can be read, and what it left goes with the folder', async () => {
  await using place = await filesOnDisk()
  const store = await openFileStore(place.settings, 'clinic')
  const child = spawn(
    process.execPath,
    [new URL('../../../test/support/endless-writer.ts', import.meta.url).pathname, JSON.stringify(place.settings)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'close')
  const folder = join(place.settings.dataDir, 'files', 'job')
  const [left = '', ...more] = await readdir(folder)
  assert.deepEqual(more, [])
  assert.equal(await store.open('job/endless'), undefined)
  await assert.rejects(store.open(`job/${left}`), TypeError)
  await store.removeFolder('job')
  assert.ok(!existsSync(folder))
})

test('write() and finish() tell that the disk is full', {
  skip: !existsSync('/dev/full') && 'needs /dev/full',
}, async () => {
  await using place = await filesOnDisk()
  const temporary = join(place.settings.dataDir, 'file~1')
  const handle = await open('/dev/full', 'w')
  const failure = (error: unknown) => diskFailure('/data/files', error)
  const writer = diskWriter({ handle, temporary, path: join(place.settings.dataDir, 'file'), failure })
  await assert.rejects(writer.write(Buffer.from('text')), {
    kind: 'unavailable',
    message: 'The file store /data/files cannot be used (ENOSPC): the disk is full: free some space',
  })
  await writer.abort()
})

test('a folder that cannot be made or written is told', async () => {
  await using place = await filesOnDisk()
  const filesDir = join(place.settings.dataDir, 'file', 'below')
  await writeFile(join(place.settings.dataDir, 'file'), '')
  await assert.rejects(openFileStore({ ...place.settings, filesDir }, 'clinic'), { kind: 'unavailable' })
})

test('open() follows no link', async () => {
  await using place = await filesOnDisk()
  const store = await openFileStore(place.settings, 'clinic')
  const root = join(place.settings.dataDir, 'files')
  await writeFile(join(place.settings.dataDir, 'secret'), 'secret')
  await mkdir(join(root, 'job'))
  await symlink(join(place.settings.dataDir, 'secret'), join(root, 'job', 'link'))
  assert.equal(await store.open('job/link'), undefined)
})

test('pathOf() refuses what leads out, though the name was not checked, and a folder that only begins alike', () => {
  assert.equal(pathOf('/data/files', 'job/file'), '/data/files/job/file')
  for (const name of ['../files2/file', '..', '/etc/passwd', 'job/../../file', '']) {
    assert.throws(() => pathOf('/data/files', name), TypeError, name)
  }
})
