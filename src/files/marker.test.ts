import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { bucketSettings, filesInBucket, filesOnDisk, kindsOfFiles } from '../../test/support/file-stores.ts'
import { type FileSettings, type FirstStore, openFileStore } from './index.ts'

/** What the database does: the first id is kept. */
function keptFirst(): FirstStore {
  let first: string | undefined
  return async (storeId) => {
    first ??= storeId
    return first
  }
}

async function openAndClose(settings: FileSettings, installationId: string, firstStore?: FirstStore) {
  const store = await openFileStore(settings, installationId, firstStore)
  await store.close()
}

for (const { kind, files } of kindsOfFiles) {
  test(`${kind}: an empty store becomes the installation's, for all processes that start together and later`, async () => {
    await using place = await files()
    const firstStore = keptFirst()
    await Promise.all(Array.from({ length: 6 }, () => openAndClose(place.settings, 'clinic', firstStore)))
    await openAndClose(place.settings, 'clinic', firstStore)
  })

  test(`${kind}: another installation's store is refused`, async () => {
    await using place = await files()
    await openAndClose(place.settings, 'clinic')
    await assert.rejects(openAndClose(place.settings, 'hospital'), {
      kind: 'unavailable',
      message: /"installation" is that of another installation/,
    })
    await openAndClose(place.settings, 'clinic')
  })

  test(`${kind}: of two installations that start together with one store, one gets it`, async () => {
    await using place = await files()
    const [clinic, hospital] = await Promise.allSettled(
      ['clinic', 'hospital'].map((id) => openAndClose(place.settings, id)),
    )
    assert.deepEqual([clinic?.status, hospital?.status].sort(), ['fulfilled', 'rejected'])
  })

  test(`${kind}: a process that sees another store than the first one's is refused and told the way on`, async () => {
    await using shared = await files()
    await using own = await files()
    const firstStore = keptFirst()
    await openAndClose(shared.settings, 'clinic', firstStore)
    await assert.rejects(openAndClose(own.settings, 'clinic', firstStore), {
      kind: 'unavailable',
      message: /other processes of this installation have another one\. Let all of them see the same folder/,
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
    message: /photographs cannot be used: there are files in it, but not the file "installation"/,
  })
})

test('disk: a store whose first files are lost is taken again when its marker is written as the sentence says', async () => {
  await using place = await filesOnDisk()
  const settings = { ...place.settings, filesDir: join(place.settings.dataDir, 'new') }
  const firstStore = keptFirst()
  await openAndClose(place.settings, 'clinic', firstStore)
  const refusal: Error = await openAndClose(settings, 'clinic', firstStore).catch((error) => error)
  const [, text = ''] = /write "(.+)" into/.exec(refusal.message) ?? []
  await writeFile(join(settings.filesDir, 'installation'), text)
  await openAndClose(settings, 'clinic', firstStore)
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

test('openFileStore() refuses settings that contradict each other', async () => {
  await using place = await filesInBucket()
  await assert.rejects(openAndClose({ ...place.settings, filesDir: '/tmp' }, 'clinic'), { kind: 'incorrect' })
  const { s3SecretKey: _, ...half } = place.settings
  await assert.rejects(openAndClose(half, 'clinic'), { kind: 'incorrect' })
})
