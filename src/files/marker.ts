import { randomUUID } from 'node:crypto'
import { Problem } from '#lib'
import { markerName } from './file-name.ts'
import type { MarkedStore } from './file-store.ts'

/** Answers with the id of the store that the installation was first started with, which is this one when there was none. */
export type FirstStore = (storeId: string) => Promise<string>

/**
 * Refuses a store that is not this installation's.
 *
 * The marker holds the ids of the installation and of the store. An empty store gets one; of several processes that start
 * together the first one's counts. The database keeps which store came first, so that two machines which each have a folder
 * of their own, both empty, don't take them for one.
 */
export async function checkMarker(store: MarkedStore, installationId: string, firstStore: FirstStore): Promise<void> {
  const isEmpty = await store.isEmpty() // asked first: what is written after a marker is seen only with the marker
  if ((await store.marker()) === undefined) {
    if (!isEmpty) throw new Problem('unavailable', strange(store))
    await store.putMarker(`${installationId} ${randomUUID()}\n`)
  }
  const text = ((await store.marker()) ?? '').trim()
  const [owner, storeId = ''] = text.split(' ')
  if (owner !== installationId) throw new Problem('unavailable', foreign(store))
  const first = await firstStore(storeId)
  if (first !== storeId) throw new Problem('unavailable', another(store, `${installationId} ${first}`))
}

const strange = ({ place }: MarkedStore) =>
  `The file store ${place} cannot be used: there are files in it, but not the file "${markerName}" that says whose they are. Choose an empty one (FILES_DIR or S3_BUCKET with S3_PREFIX), or copy that file too if the files were moved here`

const foreign = ({ place }: MarkedStore) =>
  `The file store ${place} cannot be used: its file "${markerName}" is that of another installation (another database). Choose another one by FILES_DIR, or S3_BUCKET and S3_PREFIX`

const another = ({ place }: MarkedStore, text: string) =>
  `The file store ${place} cannot be used: other processes of this installation have another one. Let all of them see the same folder (FILES_DIR) or bucket (S3_BUCKET, S3_PREFIX). If the files were to move, copy all of them here; if the earlier ones are lost, write "${text}" into the file "${markerName}" here`
