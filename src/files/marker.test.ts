import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { bucketSettings, filesInBucket, filesOnDisk, kindsOfFiles } from '../../test/support/file-stores.ts'
import { type FileSettings, type FirstMarker, openFileStore } from './index.ts'

/** What the database does: the first id is kept. */
function keptFirst(): FirstMarker {
  let first: string | undefined
  return async (marker) => {
    first ??= marker
    return first
  }
}

async function openAndClose(settings: FileSettings, installationId: string, firstMarker?: FirstMarker) {
  const store = await openFileStore(settings, installationId, firstMarker)
  await store.close()
}

for (const { kind, files } of kindsOfFiles) {
  test(`${kind}: an empty store becomes the installation's, for all processes that start together and later`, async () => {
    await using place = await files()
    const firstMarker = keptFirst()
    await Promise.all(Array.from({ length: 6 }, () => openAndClose(place.settings, 'clinic', firstMarker)))
    await openAndClose(place.settings, 'clinic', firstMarker)
  })

  test(`${kind}: another installation's store is refused`, async () => {
    await using place = await files()
    await openAndClose(place.settings, 'clinic')
    await assert.rejects(openAndClose(place.settings, 'hospital'), {
      kind: 'unavailable',
      message: /"installation\/clinic\.\S+" says that it is another installation's/,
    })
    await openAndClose(place.settings, 'clinic')
  })

  test(`${kind}: of two installations that start together with one store, never both have it, and one can`, async () => {
    await using place = await files()
    const start = (id: string) =>
      openAndClose(place.settings, id).then(
        () => 1,
        () => 0,
      )
    const together = await Promise.all([start('clinic'), start('hospital')])
    assert.ok(together[0] + together[1] <= 1)
    assert.equal((await start('clinic')) + (await start('hospital')), 1)
  })

  test(`${kind}: a process that sees another store than the first one's is refused and told the way on`, async () => {
    await using shared = await files()
    await using own = await files()
    const firstMarker = keptFirst()
    await openAndClose(shared.settings, 'clinic', firstMarker)
    await assert.rejects(openAndClose(own.settings, 'clinic', firstMarker), {
      kind: 'unavailable',
      message: /it is not the one that this installation began with\. Let all processes see the same folder/,
    })
  })
}

test('disk: files without a marker are not taken for the installation’s', async () => {
  await using place = await filesOnDisk()
  const root = join(place.settings.dataDir, 'files')
  await mkdir(join(root, 'lost+found'), { recursive: true })
  await openAndClose(place.settings, 'clinic') // what a new volume holds is nobody's file
  const filesDir = join(place.settings.dataDir, 'photographs')
  await mkdir(filesDir)
  await writeFile(join(filesDir, 'holiday.jpg'), '')
  await assert.rejects(openAndClose({ ...place.settings, filesDir }, 'clinic'), {
    kind: 'unavailable',
    message: /photographs cannot be used: there are files in it, but no marker in "installation"/,
  })
})

test('disk: a store whose first files are lost may be replaced as the sentence says', async () => {
  await using place = await filesOnDisk()
  const settings = { ...place.settings, filesDir: join(place.settings.dataDir, 'new') }
  const firstMarker = keptFirst()
  await openAndClose(place.settings, 'clinic', firstMarker)
  const refusal: Error = await openAndClose(settings, 'clinic', firstMarker).catch((error) => error)
  const [, name = ''] = /put an empty file "(.+)" here/.exec(refusal.message) ?? []
  await writeFile(join(settings.filesDir, name), '')
  await openAndClose(settings, 'clinic', firstMarker)
})

test('a bucket: files without a marker are not taken for the installation’s, those of another prefix are no files', async () => {
  await using place = await filesInBucket()
  place.server.objects.set('photographs/holiday.jpg', Buffer.from(''))
  await openAndClose(place.settings, 'clinic')
  await assert.rejects(openAndClose({ ...bucketSettings(place.server), s3Prefix: '/photographs/' }, 'clinic'), {
    kind: 'unavailable',
    message: /bucket "exports" at http:\S+ photographs\/ cannot be used: there are files in it/,
  })
})
