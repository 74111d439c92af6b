/** Synthea's transaction Bundles as a folder of files, the patients several times over under ids of their own. */
import { createReadStream, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createZstdDecompress } from 'node:zlib'
import { extract } from 'tar-stream'
import { sharedData } from './data-sets.ts'
import type { Kept } from './prepared.ts'

const archive = `${sharedData}bundles-21-raw-synthea-transactions.tar.zst`

export const hasBundles = existsSync(archive)

/** A folder with hospitals and practitioners first, as Synthea asks, and `copies` of each patient. */
export async function bundleFolder({ dataDir }: Kept, copies: number): Promise<string> {
  const folder = join(dataDir, `bundles_${copies}`)
  if (existsSync(folder)) return folder
  const making = `${folder}.part`
  mkdirSync(making, { recursive: true })
  for await (const entry of createReadStream(archive).pipe(createZstdDecompress()).pipe(extract())) {
    const content = await text(entry)
    const [name] = entry.header.name.split('/').slice(-1)
    if (entry.header.type !== 'file' || !name) continue
    if (/Information\d/.test(name)) writeFileSync(join(making, `0-${name}`), content)
    else
      for (let copy = 0; copy < copies; copy++) writeFileSync(join(making, `1-${copy}-${name}`), copied(content, copy))
  }
  renameSync(making, folder)
  return folder
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** What the Bundle brings gets other ids; what it refers to outside keeps its own. */
function copied(bundle: string, copy: number): string {
  const own = new Set([...bundle.matchAll(/"fullUrl": *"urn:uuid:([^"]+)"/g)].map(([, id]) => id))
  return bundle.replace(uuid, (id) => (own.has(id) ? moved(id, copy) : id))
}

function moved(id: string, copy: number): string {
  const head = (Number.parseInt(id.slice(0, 8), 16) ^ Math.imul(copy, 0x9e3779b1)) >>> 0
  return head.toString(16).padStart(8, '0') + id.slice(8)
}
