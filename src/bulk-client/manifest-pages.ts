import { Problem } from '#lib'
import { type Manifest, nextOf, parsed, readManifest } from './manifest.ts'
import { plain, refusal } from './outcomes.ts'
import { textOf } from './web/exchange.ts'
import { backOffSeconds, retryAfterSeconds } from './web/patience.ts'
import type { Server } from './web/server.ts'

/** The manifest, page by page: each as soon as the server has it. `waiting` hears how far the server is. */
export async function* manifestPages(
  server: Server,
  status: URL,
  waiting: (progress: string) => void,
): AsyncGenerator<Manifest> {
  const seen = new Set<string>()
  for (let url: URL | undefined = status; url; ) {
    if (seen.has(url.href)) throw new Problem('unavailable', 'The pages of the manifest lead in a circle')
    seen.add(url.href)
    const page: Manifest = await pageAt(server, url, waiting)
    yield page
    url = page.next
  }
}

/** Asks until the page is there. A page that is there before the export has ended comes with 202 and says where it goes on. */
async function pageAt(server: Server, url: URL, waiting: (progress: string) => void): Promise<Manifest> {
  for (let time = 1; ; time++) {
    const answer = await server.ask(url, { headers: { accept: 'application/json' } })
    if (answer.status === 200) return readManifest(await textOf(answer), url)
    if (answer.status !== 202) throw await refusal(fates[answer.status] ?? 'The export has failed', answer)
    const text = await textOf(answer)
    if (nextOf(parsed(text), url)) return readManifest(text, url)
    waiting(plain(String(answer.headers['x-progress'] ?? '')).slice(0, 100))
    await server.wait(retryAfterSeconds(answer.headers) ?? backOffSeconds(time))
  }
}

const unknown = "How far the export is can't be read"

/** What it means that the status is not there: some of it passes, and the same command goes on. */
const fates: Readonly<Record<number, string>> = {
  401: unknown,
  403: unknown,
  404: 'The export is gone, start it anew in another folder',
  408: unknown,
  410: 'The export is gone, start it anew in another folder',
  429: unknown,
  502: unknown,
  503: unknown,
  504: unknown,
}
