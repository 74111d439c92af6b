/** Exports of a running charthouse, as a client asks for them and as the database tells how long they took. */
import { setTimeout as sleep } from 'node:timers/promises'
import { fhirPath } from '../data/prepared.ts'
import type { Served } from '../served.ts'

export interface Exported {
  readonly id: string
  readonly rows: number
  readonly bytes: number
  /** From kick-off until the files lie complete. */
  readonly seconds: number
  /** When the kick-off was sent, by `performance.now()`. */
  readonly startMs: number
  readonly files: number
}

export interface Asking {
  readonly served: Served
  readonly token: string
}

/** `path` below the base, with its parameters. */
export async function runExport({ served, token }: Asking, path: string): Promise<Exported> {
  const startMs = performance.now()
  const answer = await fetch(`${served.server.origin}${fhirPath}/${path}`, {
    headers: { authorization: `Bearer ${token}`, accept: 'application/fhir+json', prefer: 'respond-async' },
  })
  const location = answer.headers.get('content-location')
  if (answer.status !== 202 || !location)
    throw new Error(`Kick-off was answered with ${answer.status}: ${await answer.text()}`)
  const id = location.slice(location.lastIndexOf('/') + 1)
  for (;;) {
    const [row] = await served.ask<{ state: string; seconds: number; sentence: string | null }>(
      `select state, sentence, extract(epoch from ended_at - created_at)::float8 as seconds
       from export where practice = $1 and id = $2`,
      [served.number, id],
    )
    if (row?.state === 'done') return { id, startMs, seconds: row.seconds, ...(await sizeOf(served, id)) }
    if (row?.state === 'failed') throw new Error(`The export failed: ${row.sentence}`)
    await sleep(20)
  }
}

async function sizeOf(served: Served, id: string) {
  const [row] = await served.ask<{ rows: number; bytes: number; files: number }>(
    `select coalesce(sum(lines), 0)::float8 as rows, coalesce(sum(bytes), 0)::float8 as bytes, count(*)::int4 as files
     from export_file where practice = $1 and export = $2 and kind = 'output'`,
    [served.number, id],
  )
  return row ?? { rows: 0, bytes: 0, files: 0 }
}

/** The manifest once it is there; a client may not ask sooner than 300 ms after kick-off. */
export async function manifestOf({ served, token }: Asking, id: string): Promise<readonly string[]> {
  for (;;) {
    const answer = await fetch(statusUrl(served, id), { headers: { authorization: `Bearer ${token}` } })
    if (answer.status === 200) {
      const { output } = (await answer.json()) as { readonly output: readonly { readonly url: string }[] }
      return output.map(({ url }) => url)
    }
    await answer.arrayBuffer()
    await sleep(50)
  }
}

export async function removeExport({ served, token }: Asking, id: string): Promise<void> {
  await fetch(statusUrl(served, id), { method: 'DELETE', headers: { authorization: `Bearer ${token}` } })
}

function statusUrl({ server }: Served, id: string): string {
  return `${server.origin}${fhirPath}/$export-status/${id}`
}
