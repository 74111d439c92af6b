/** What an export made: its files read whole, and its lines compared with what is stored. */
import assert from 'node:assert/strict'
import { gunzipSync } from 'node:zlib'
import type { FileStore } from '#files'
import type { Export, ExportFile } from '../../src/bulk/export.ts'

export interface Made {
  readonly exported: Export & { readonly t: number }
  readonly files: readonly ExportFile[]
  /** `Type/id` with the text. */
  readonly lines: ReadonlyMap<string, string>
  linesOf(kind: ExportFile['kind']): Promise<string[]>
  /** `Type/id` of what the Bundles in `deleted` name. */
  readonly deleted: readonly string[]
}

/** Of an export that is done; its names differ, and no line is there twice. */
export async function madeOf(store: FileStore, exported: Export, files: readonly ExportFile[]): Promise<Made> {
  assert.equal(exported.state, 'done', exported.sentence)
  assert.ok(exported.t !== undefined)
  assert.equal(new Set(files.map(({ name }) => name)).size, files.length, 'names differ')
  const linesOf = async (kind: ExportFile['kind']) =>
    (await Promise.all(files.filter((file) => file.kind === kind).map((file) => read(store, file)))).flat()
  const lines = new Map<string, string>()
  for (const line of await linesOf('output')) {
    const { resourceType, id: resource } = JSON.parse(line) as { resourceType: string; id?: string }
    if (resourceType === 'Parameters' && resource === undefined) continue // the header of a block
    assert.ok(!lines.has(`${resourceType}/${resource}`), `${resourceType}/${resource} is there twice`)
    lines.set(`${resourceType}/${resource}`, line)
  }
  const bundles = (await linesOf('deleted')).map((line) => JSON.parse(line) as Deletions)
  const deleted = bundles.flatMap(({ entry }) => entry.map(({ request }) => request.url))
  return { exported: { ...exported, t: exported.t }, files, lines, linesOf, deleted }
}

interface Deletions {
  readonly entry: readonly { readonly request: { readonly method: string; readonly url: string } }[]
}

/** The lines of a file, which is as its row says. */
async function read(files: FileStore, { stored, lines, bytes, storedBytes, encoding }: ExportFile): Promise<string[]> {
  const opened = await files.open(stored)
  assert.ok(opened, 'the file is there')
  const kept = Buffer.concat(await Array.fromAsync(opened.stream, (chunk) => chunk as Buffer))
  assert.equal(kept.length, storedBytes)
  const text = encoding === 'gzip' ? gunzipSync(kept) : kept
  assert.equal(text.length, bytes)
  const found = text.toString().split('\n')
  assert.equal(found.pop(), '', 'the last line ends with a line break')
  assert.equal(found.length, lines)
  return found
}

/** Exported lines are the stored ones, but for addresses of attachments; a few of what differs are named. */
export function assertSame(lines: ReadonlyMap<string, string>, expected: ReadonlyMap<string, string>) {
  const asSent = (text: string) => text.replaceAll('"url":"Binary/', '"url":"http://x/Binary/')
  const missing = [...expected.keys()].filter((key) => !lines.has(key))
  const besides = [...lines.keys()].filter((key) => !expected.has(key))
  const differ = [...expected].filter(([key, text]) => lines.has(key) && lines.get(key) !== asSent(text))
  const few = (keys: readonly string[]) => keys.slice(0, 5)
  assert.deepEqual(
    { missing: few(missing), besides: few(besides), differ: few(differ.map(([key]) => key)) },
    { missing: [], besides: [], differ: [] },
  )
}
