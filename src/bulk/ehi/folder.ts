import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '#lib'
import { refused } from './written-file.ts'

/** The last file that is written: where it is, the export is whole. */
export const manifestName = 'manifest.json'

/** What an export is made of; nothing else is ever removed. */
const own = [manifestName, 'README.html', 'attachments.ndjson', 'deleted.ndjson', 'resources', 'attachments', 'history']

/** Makes the folder, or empties it of an earlier export. */
export async function prepareFolder(folder: string, isOverwritten: boolean): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(refused(folder))
  const names = await readdir(folder).catch(refused(folder))
  if (names.length > 0 && !isOverwritten) {
    throw new Problem(
      'incorrect',
      `${folder} is not empty: choose another folder, or --overwrite an earlier export there`,
    )
  }
  for (const name of own) {
    await rm(join(folder, name), { recursive: true, force: true }).catch(refused(folder))
    await rm(join(folder, `${name}~`), { force: true }).catch(refused(folder))
  }
  for (const name of ['resources', 'attachments'])
    await mkdir(join(folder, name), { mode: 0o700 }).catch(refused(folder))
}
