import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Manifest, type ManifestItem, readManifest, renewed } from '../manifest.ts'
import { manifestPages } from '../manifest-pages.ts'
import { replaceFile } from '../state.ts'
import type { Server } from '../web/server.ts'
import { fileNames } from './file-names.ts'
import type { Loading } from './loading.ts'

interface Planned {
  readonly folder: string
  readonly outputFormat: string | undefined
  readonly ignoresCounts: boolean
}

interface Planning {
  readonly server: Server
  readonly status: URL
  readonly waiting: (progress: string) => void
  readonly planned: (page: Manifest) => void
}

/** The files of an export, as the server makes them known. */
export async function* plannedFiles(
  { folder, outputFormat, ignoresCounts }: Planned,
  { server, status, waiting, planned }: Planning,
): AsyncGenerator<Loading> {
  const nameOf = fileNames(outputFormat)
  let number = 0
  for await (const page of manifestPages(server, status, waiting)) {
    const items = await keepPage(join(folder, number++ === 0 ? 'manifest.json' : `manifest.${number}.json`), page)
    planned(page)
    for (const item of items) {
      const isNdjson = item.kind !== 'output' || (outputFormat ?? 'ndjson').endsWith('ndjson')
      yield { item, path: join(folder, nameOf(item)), requiresToken: page.requiresAccessToken, isNdjson, ignoresCounts }
    }
  }
}

/** Writes a page of the manifest down, and answers its items in the order in which they stood when it came first. */
async function keepPage(path: string, page: Manifest): Promise<readonly ManifestItem[]> {
  const before = await readFile(path, 'utf8').catch(() => undefined)
  const items = before === undefined ? page.items : renewed(readManifest(before, page.at).items, page.items)
  if (items === page.items) await replaceFile(path, page.text)
  return items
}
