import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { checkFileName, checkFolderName, markerFolder } from '../file-name.ts'
import type { ByteRange, MarkedStore, OpenFile } from '../file-store.ts'
import { diskFailure } from './disk-failure.ts'
import { diskWriter, syncFolder } from './disk-writer.ts'
import { pathOf } from './path-of.ts'

/** Files below a folder of this machine, or of a network drive that all machines of the installation share. */
export async function openDiskStore(folder: string): Promise<MarkedStore> {
  const root = resolve(folder)
  const markers = join(root, markerFolder)
  const failure = (error: unknown) => diskFailure(root, error)
  await makeFolder(root).catch(refuse)

  function refuse(error: unknown): never {
    throw failure(error)
  }

  async function create(name: string) {
    checkFileName(name)
    const path = pathOf(root, name)
    const temporary = temporaryOf(path)
    const openNew = () => open(temporary, 'wx', 0o600)
    const inNewFolder = () => makeFolder(dirname(path)).then(openNew)
    const handle = await openNew()
      .catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? inNewFolder() : Promise.reject(error)))
      .catch(refuse)
    return diskWriter({ handle, temporary, path, failure })
  }

  async function openFile(name: string, range?: ByteRange) {
    checkFileName(name)
    const path = pathOf(root, name)
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(noneOr(refuse))
    return handle && readPart(handle, range).catch(refuse)
  }

  return {
    place: root,
    create,
    open: openFile,
    async removeFolder(folderName) {
      checkFolderName(folderName)
      await rm(pathOf(root, folderName), { recursive: true, force: true, maxRetries: 5 }).catch(refuse)
    },
    async isEmpty() {
      const entries = await readdir(root).catch(refuse)
      return entries.every((entry) => entry === markerFolder || entry === 'lost+found' || entry.startsWith('.'))
    },
    async markers() {
      const entries = (await readdir(markers).catch(noneOr(refuse))) ?? []
      return entries.filter((entry) => !entry.startsWith('.'))
    },
    async putMarker(marker) {
      await makeFolder(markers).catch(refuse)
      await writeFile(join(markers, marker), '', { mode: 0o600 }).catch(refuse)
      await syncFolder(markers).catch(refuse)
    },
    removeMarker: (marker) => rm(join(markers, marker), { force: true }).catch(refuse),
    async close() {},
  }
}

/** The folder and those above it; each new one is on the disk by its name in the one above. */
async function makeFolder(folder: string) {
  const highest = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (highest === undefined) return
  for (let made = folder; made.length >= highest.length; made = dirname(made)) await syncFolder(dirname(made))
}

/** No name has a "~": what is not complete can't be opened. */
function temporaryOf(path: string): string {
  return `${path}~${randomBytes(6).toString('hex')}`
}

/** Not there, below a file, or a link, which we never make. */
const none: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP'])

function noneOr(refuse: (error: unknown) => never) {
  return (error: NodeJS.ErrnoException): undefined => {
    if (!none.has(error.code)) refuse(error)
  }
}

/** At once: files are large, and each piece costs a call of the system and work for the garbage collector. */
const readBytes = 256 * 1024

async function readPart(handle: FileHandle, range?: ByteRange): Promise<OpenFile | undefined> {
  try {
    const stats = await handle.stat()
    const start = range?.start ?? 0
    const end = Math.min(range?.end ?? stats.size, stats.size)
    if (stats.isFile() && start < end)
      return { size: stats.size, stream: handle.createReadStream({ start, end: end - 1, highWaterMark: readBytes }) }
    await handle.close()
    return stats.isFile() ? { size: stats.size, stream: Readable.from([]) } : undefined
  } catch (error) {
    await handle.close()
    throw error
  }
}
