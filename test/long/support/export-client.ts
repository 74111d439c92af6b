/** A client that exports over HTTP and reads all files, asking again whenever nobody answers. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { Lines } from './lines.ts'
import type { OwnInstallation } from './own-installation.ts'

export interface Ended {
  readonly path: string
  /** Undefined: it failed, and said so. */
  readonly t: number | undefined
  readonly sentence?: string
  readonly lines: Lines
  readonly deleted: string[]
  /** What was found again. */
  readonly twice: string[]
  readonly files: number
  /** Files that came packed. */
  packed: number
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** Asks again until there is an answer. */
export async function ask({ send }: OwnInstallation, path: string, init?: RequestInit): Promise<Answer> {
  for (;;) {
    try {
      const answer = await send(path, init)
      const { status, headers } = answer
      const text = await answer.text()
      if (status !== 503 && status !== 500) return { status, headers, text }
    } catch {}
    await sleep(200)
  }
}

/** The address of its status. */
export async function kickOff(installation: OwnInstallation, path: string): Promise<string> {
  const headers = {
    prefer: 'respond-async, separate-export-status',
    accept: 'application/fhir+json',
    'idempotency-key': Math.random().toString(36),
  }
  const begun = await ask(installation, path, { headers })
  assert.equal(begun.status, 202, begun.text)
  return begun.headers.get('content-location') ?? ''
}

export interface Polled {
  /** Of the export, which may have failed, and not of the poll, which is asked again. */
  readonly status: number
  readonly progress: string | null
  readonly text: string
  readonly waitSeconds: number
}

export async function poll(installation: OwnInstallation, place: string): Promise<Polled> {
  const { status, headers, text } = await ask(installation, place)
  return {
    status: Number(headers.get('x-export-status')?.slice(0, 3) ?? status),
    progress: headers.get('x-progress'),
    text,
    waitSeconds: Number(headers.get('retry-after') ?? 1),
  }
}

/** From kick-off until all is read, then it is deleted; `mustEnd` is asked at each poll and may throw. */
export async function exportOnce(
  installation: OwnInstallation,
  path: string,
  mustEnd: (progress: string) => void = () => {},
): Promise<Ended> {
  const place = await kickOff(installation, path)
  for (;;) {
    const { status, progress, text, waitSeconds } = await poll(installation, place)
    if (status !== 202 && status !== 429) {
      const ended = status === 200 ? await readFiles(installation, path, text) : { ...nothing(path), sentence: text }
      await ask(installation, place, { method: 'DELETE' })
      return ended
    }
    mustEnd(`${path} does not end: ${progress}`)
    await sleep(waitSeconds * 1000)
  }
}

function nothing(path: string): Ended {
  return { path, t: undefined, lines: new Lines(), deleted: [], twice: [], files: 0, packed: 0 }
}

interface Manifest {
  readonly transactionTime: string
  readonly output: readonly { readonly url: string; readonly count: number }[]
  readonly deleted: readonly { readonly url: string }[]
}

export async function readFiles(installation: OwnInstallation, path: string, manifest: string): Promise<Ended> {
  const { transactionTime, output, deleted } = JSON.parse(manifest) as Manifest
  const found: Ended = { ...nothing(path), t: microseconds(transactionTime), files: output.length }
  const linesOf = async (url: string) => {
    const { status, headers, text } = await ask(installation, url)
    assert.equal(status, 200, text)
    if (headers.get('content-encoding') === 'gzip') found.packed++
    return text.split('\n').filter((line) => line !== '')
  }
  for (const { url, count } of output) {
    const lines = await linesOf(url)
    assert.equal(lines.length, count, url)
    for (const line of lines) {
      const { resourceType, id } = JSON.parse(line) as { resourceType: string; id?: string }
      if (resourceType === 'Parameters') continue // the header of a block
      const key = `${resourceType}/${id}`
      if (found.lines.set(key, line)) found.twice.push(key)
    }
  }
  for (const { url } of deleted) {
    for (const line of await linesOf(url)) {
      const { entry } = JSON.parse(line) as { entry: readonly { readonly request: { readonly url: string } }[] }
      found.deleted.push(...entry.map(({ request }) => request.url))
    }
  }
  return found
}

function microseconds(instant: string): number {
  const [, whole = '', fraction = '', zone = ''] = /^([^.]*)\.(\d{6})(.*)$/.exec(instant) ?? []
  return Date.parse(`${whole}${zone}`) * 1000 + Number(fraction)
}

export function instantOf(t: number): string {
  const fraction = String(t % 1_000_000).padStart(6, '0')
  return `${new Date(Math.floor(t / 1e6) * 1000).toISOString().slice(0, 19)}.${fraction}Z`
}
