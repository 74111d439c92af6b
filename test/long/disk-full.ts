/**
 * `npm run test:long disk-full`: the disk of the file store is full in the middle of an export, for a minute and for longer
 * than the export is tried again; RESOURCES=n (100,000). It takes about ten minutes, and root's right to mount a disk in memory.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { appendFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ownInstallation } from './support/own-installation.ts'
import { showTrouble } from './support/storage-trouble.ts'

await using installation = await ownInstallation(['exportLines=1000'], (path) => ({ FILES_DIR: join(path, 'small') }))
const disk = join(installation.path, 'small')
const filler = join(disk, '.filler')
let isFilled = false
let filling = Promise.resolve()

mkdirSync(disk)
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=90m', 'tmpfs', disk])
if (mounted.status === 0) {
  try {
    await showTrouble(installation, { begin, end, says: /cannot be used \(ENOSPC\): the disk is full[^"\n]*/, stored })
  } finally {
    await end()
    spawnSync('umount', [disk])
  }
} else console.log(`SKIPPED, NOTHING WAS SHOWN: no disk can be mounted here: ${mounted.stderr ?? mounted.error}`)

async function begin() {
  isFilled = true
  filling = fill()
}

/** What the export gives up is taken, too. */
async function fill() {
  const piece = Buffer.alloc(1 << 20)
  while (isFilled) await appendFile(filler, piece).catch(() => sleep(10))
}

async function end() {
  isFilled = false
  await filling
  await rm(filler, { force: true })
}

async function stored(): Promise<readonly string[]> {
  const entries = await readdir(disk, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.parentPath.endsWith('installation'))
    .map(({ name }) => name)
}
