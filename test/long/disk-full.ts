/**
 * `npm run test:long disk-full`: a disk is full in the middle of an export, for a minute and for longer than the export is
 * tried again: the one of the files, then one that holds the database as well; RESOURCES=n (100,000). It takes about twenty
 * minutes, and root's right to mount disks in memory.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, statfsSync } from 'node:fs'
import { appendFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ownInstallation } from './support/own-installation.ts'
import { showTrouble, type Trouble } from './support/storage-trouble.ts'

const settings = ['exportLines=1000']
const says = /the disk is full[^"\n]*/

await using own = await ownInstallation(settings, (path) => {
  const disk = join(path, 'small')
  mkdirSync(disk)
  mount(disk, 90)
  return { FILES_DIR: disk }
})
await show(own, join(own.path, 'small'), '.')
await using shared = await ownInstallation(settings, (path) => {
  mount(path, 1000)
  return {}
})
await show(shared, shared.path, 'files')

function mount(disk: string, megabytes: number) {
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', disk])
  if (mounted.status === 0) return
  console.log(`SKIPPED, NOTHING WAS SHOWN: no disk can be mounted here: ${mounted.stderr ?? mounted.error}`)
  process.exit()
}

/** `files`: where exports lie on the disk. */
async function show(installation: typeof own, disk: string, files: string) {
  console.log(`== a disk of ${disk === installation.path ? 'files and the database' : 'files'}`)
  try {
    await using filler = fillerOf(disk)
    await showTrouble(installation, { ...filler, says, stored: () => filesBelow(join(disk, files)) })
  } finally {
    spawnSync('umount', ['--lazy', disk])
  }
}

function fillerOf(disk: string): Pick<Trouble, 'begin' | 'end'> & AsyncDisposable {
  const file = join(disk, '.filler')
  const piece = Buffer.alloc(1 << 20)
  let isFull = false
  let filling = Promise.resolve()

  /** What the export gives up is taken, too. */
  async function fill() {
    while (isFull) await appendFile(file, piece).catch(() => sleep(10))
  }

  async function end() {
    isFull = false
    await filling
    await rm(file, { force: true })
  }

  return {
    async begin() {
      isFull = true
      const { bavail, bsize } = statfsSync(disk)
      spawnSync('fallocate', ['--length', String(bavail * bsize), file])
      filling = fill()
    },
    end,
    [Symbol.asyncDispose]: end,
  }
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.parentPath.endsWith('installation'))
    .map(({ name }) => name)
}
