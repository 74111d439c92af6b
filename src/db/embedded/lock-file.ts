/** A file that one process at a time holds: it names that process, so that one whose process has gone is taken over. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '#lib'

/**
 * Does `work` while the file is this process's.
 * @throws `busy` when others held it for longer than the database may take to start; what the file system says; and
 *   what `work` throws.
 */
export async function whileHeld<T>(file: string, work: () => Promise<T>): Promise<T> {
  // linked to its place when it says whose it is: nobody sees it empty
  const own = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`
  writeFileSync(own, String(process.pid))
  try {
    const end = performance.now() + longestMs
    while (!take(file, own)) {
      if (performance.now() > end)
        throw new Problem('busy', `Another process starts or stops the database: remove ${file} if none does`)
      await sleep(20)
    }
  } finally {
    rmSync(own, { force: true })
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

const longestMs = 150_000

function take(file: string, own: string): boolean {
  if (link(own, file)) return true
  const holder = read(file)
  if (holder !== undefined) {
    if (isAlive(Number(holder))) return false
    removeOf(holder, file, `${own}.gone`)
  }
  return link(own, file)
}

/** Another may have taken the file over since it was read: then it is put back. */
function removeOf(holder: string, file: string, aside: string) {
  if (!expecting('ENOENT', () => renameSync(file, aside))) return
  if (read(aside) !== holder) link(aside, file)
  rmSync(aside)
}

const link = (from: string, to: string) => expecting('EEXIST', () => linkSync(from, to))

function read(file: string): string | undefined {
  let text: string | undefined
  expecting('ENOENT', () => {
    text = readFileSync(file, 'utf8')
  })
  return text
}

/** Whether `work` was done; false where it fails with this code. */
function expecting(code: string, work: () => void): boolean {
  try {
    work()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return false
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
