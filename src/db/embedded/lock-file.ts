/** A file that one process at a time holds: it names that process, so that one whose process has gone is taken over. */
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '#lib'

/**
 * Waits until the file is this process's, which it is until it is disposed of. Locks of packages grow old by time, and this
 * process can tell nobody that it lives while it waits for PostgreSQL's own programs.
 * @throws `busy` when others held it for longer than the database may take to start, and what the file system says.
 */
export async function holdFile(file: string): Promise<Disposable> {
  // linked to its place when it says whose it is: nobody sees it empty
  const own = `${file}.${process.pid}.${randomUUID()}`
  writeFileSync(own, String(process.pid))
  try {
    for (const end = performance.now() + longestMs; !take(file, own); await sleep(20)) {
      if (performance.now() < end) continue
      throw new Problem('busy', `Another process starts or stops the database: remove ${file} if none does`)
    }
  } finally {
    rmSync(own, { force: true })
  }
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) }
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
