import { randomUUID } from 'node:crypto'
import { Problem } from '#lib'
import { markerFolder } from './file-name.ts'
import type { MarkedStore } from './file-store.ts'

/** Answers with the marker that this installation's database was given first: this one when there was none. */
export type FirstMarker = (marker: string) => Promise<string>

/**
 * Refuses a store that is not this installation's.
 *
 * A marker is an empty file named by the installation and the store. A process that finds an empty store puts one there and
 * then tells the database, which keeps the first one it hears of. The store is the right one if that marker is in it:
 * processes that start together may each put one, and machines that each have a folder of their own find that out.
 * A marker is in the store before the database knows it, so whoever is killed in between leaves nothing that stops the next.
 */
export async function checkMarker(store: MarkedStore, installationId: string, firstMarker: FirstMarker): Promise<void> {
  const isEmpty = await store.isEmpty() // asked before: files are seen only with the marker that was put before them
  const [known] = await store.markers()
  if (known === undefined && !isEmpty) throw new Problem('unavailable', strange(store))
  const marker = known ?? `${installationId}.${randomUUID()}`
  if (known === undefined) await store.putMarker(marker)

  async function refuse(sentence: string): Promise<never> {
    if (known === undefined) await store.removeMarker(marker)
    throw new Problem('unavailable', sentence)
  }

  const strangers = (await store.markers()).find((each) => !each.startsWith(`${installationId}.`))
  if (strangers !== undefined) await refuse(foreign(store, strangers))
  const first = await firstMarker(marker)
  if (!(await store.markers()).includes(first)) await refuse(another(store, first))
}

const strange = ({ place }: MarkedStore) =>
  `The file store ${place} cannot be used: there are files in it, but no marker in "${markerFolder}" that says whose they are. Choose an empty one (FILES_DIR, or S3_BUCKET and S3_PREFIX); if files of charthouse were moved here, move "${markerFolder}" too`

const foreign = ({ place }: MarkedStore, marker: string) =>
  `The file store ${place} cannot be used: "${markerFolder}/${marker}" says that it is another installation's, which has another database. Choose another store (FILES_DIR, or S3_BUCKET and S3_PREFIX)`

const another = ({ place }: MarkedStore, first: string) =>
  `The file store ${place} cannot be used: it is not the one that this installation began with. Let all processes see the same folder (FILES_DIR) or bucket (S3_BUCKET and S3_PREFIX). If it moved, move all its files here; if it is lost, put an empty file "${markerFolder}/${first}" here`
