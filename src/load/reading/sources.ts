import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { extract } from 'tar-stream'
import { Problem } from '#lib'
import { type Bytes, decompressed, peeked } from './bytes.ts'

/** One file of resources, unwrapped. Whoever takes it reads it to its end: an archive can't skip what it has begun. */
export interface SourceFile {
  readonly name: string
  readonly content: Bytes
}

export interface Reading {
  readonly stdin?: Readable
  /** A file that holds no resources, and why it was passed over. */
  skipped(name: string, reason: string): void
  /** A file or archive that can't be read to its end; what comes after it is read all the same. */
  unreadable(name: string, reason: string): void | Promise<void>
  /** Bytes read of what lies on disk or comes from standard input; for progress. */
  passed?(bytes: number): void
}

/** All files of resources behind files, folders (sorted, with all below), archives of both, and `-` for standard input. */
export async function* sourceFiles(sources: readonly string[], reading: Reading): AsyncGenerator<SourceFile> {
  for (const source of sources) {
    if (source === '-') yield* unwrapped('-', counted(reading.stdin ?? process.stdin, reading), reading)
    else for await (const path of filesBelow(source, reading.skipped)) yield* openedFile(path, reading)
  }
}

/** What the sources take on disk; undefined when standard input is among them. Refuses a source that is not there. */
export async function sourceBytes(sources: readonly string[]): Promise<number | undefined> {
  let bytes = 0
  for (const source of sources.filter((one) => one !== '-')) {
    for await (const path of filesBelow(source, () => {})) bytes += (await stated(path)).size
  }
  return sources.includes('-') ? undefined : bytes
}

async function* filesBelow(path: string, skipped: Reading['skipped']): AsyncGenerator<string> {
  if (!(await stated(path)).isDirectory()) return yield path
  const names = (await readdir(path)).sort()
  for (const name of names) {
    const child = join(path, name)
    if ((await stated(child)).isDirectory()) yield* filesBelow(child, skipped)
    else if (holdsResources(name)) yield child
    else skipped(child, 'its name does not end like one of resources')
  }
}

async function stated(path: string) {
  try {
    return await stat(path)
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new Problem('incorrect', `Cannot read ${path}: ${isMissing ? 'there is no such file' : message(cause)}`, {
      cause,
    })
  }
}

async function* openedFile(path: string, reading: Reading): AsyncGenerator<SourceFile> {
  try {
    yield* unwrapped(path, counted(createReadStream(path, { highWaterMark: 256 * 1024 }), reading), reading)
  } catch (cause) {
    await reading.unreadable(path, `Cannot read it: ${message(cause)}`)
  }
}

async function* unwrapped(name: string, raw: Bytes, reading: Reading): AsyncGenerator<SourceFile> {
  const { head, all } = await peeked(await decompressed(raw), 512)
  if (head.toString('latin1', 257, 262) === 'ustar') yield* archived(name, all, reading)
  else yield { name, content: all }
}

async function* archived(name: string, content: Bytes, reading: Reading): AsyncGenerator<SourceFile> {
  const archive = extract()
  pipeline(Readable.from(content, { objectMode: false }), archive, () => {})
  for await (const entry of archive) {
    const inner = `${name}:${entry.header.name}`
    if (entry.header.type === 'file' && holdsResources(entry.header.name)) {
      yield* unwrapped(inner, entry as unknown as Bytes, reading)
    } else if (entry.header.type !== 'directory') {
      reading.skipped(inner, 'its name does not end like one of resources')
    }
    entry.resume()
  }
}

/** Whether a file met in a folder or archive is read. `._x.json` is what a Mac adds to archives. */
function holdsResources(path: string): boolean {
  return (
    /\.(ndjson|jsonl|json)(\.gz|\.zst)?$|\.(tar|tgz|tzst|tar\.gz|tar\.zst)$/i.test(path) &&
    !/(^|\/)\._[^/]*$/.test(path)
  )
}

async function* counted(source: Bytes, reading: Reading): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    reading.passed?.(chunk.length)
    yield chunk
  }
}

function message(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
