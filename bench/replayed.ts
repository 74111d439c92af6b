import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench } from './bench.ts'
import { type Captured, withoutToken } from './capture.ts'
import { type Compared, compare, ratesText, type Side } from './measure/compare.ts'
import type { Line } from './row.ts'
import type { Served } from './served.ts'
import { type RunningServer, startFloor } from './servers/start.ts'

export interface Replay extends AsyncDisposable {
  /** The same statements as ours, that of the token included. */
  readonly whole: Side
  /** Without that of the token. */
  readonly bare: Side
}

/** The floor of a search: a bare route with the same statements, values and bytes. */
export async function replay(databaseUrl: string, captured: readonly Captured[]): Promise<Replay> {
  const folder = mkdtempSync(join(tmpdir(), 'charthouse-replay-'))
  const file = join(folder, 'captured.json')
  writeFileSync(file, JSON.stringify([...captured, ...captured.map(withoutToken)]))
  const server: RunningServer = await startFloor('replay.ts', [databaseUrl, file])
  const paths = [...captured.keys()].map((number) => `/replay/${number}`)
  const barePaths = [...captured.keys()].map((number) => `/replay/${number + captured.length}`)
  return {
    whole: { server, paths },
    bare: { server, paths: barePaths },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

export interface Searched {
  readonly work: string
  readonly paths: readonly string[]
  readonly token: string
  readonly reach?: number
}

const connections = 32

/** Our searches against the same statements from a bare route. */
export async function* againstReplay(bench: Bench, served: Served, searched: Searched): AsyncGenerator<Line> {
  const { work, paths, token, reach } = searched
  const captured = await served.capture(paths, token)
  await using floor = await replay(served.databaseUrl, captured)
  const { rounds, seconds } = bench.options
  const ours = { server: served.server, paths, token }
  const compared = await compare([ours, floor.whole, floor.bare], { connections, rounds, seconds })
  yield {
    work,
    against: 'same SQL and bytes, bare route',
    ratio: compared.ratioTo(1),
    ...(reach !== undefined && { reach: { atLeast: reach } }),
    note: noteOf(compared, captured),
    figures: { sides: ['charthouse', 'same SQL', 'same SQL without token'], measured: compared.sides },
  }
}

function noteOf(compared: Compared, captured: readonly Captured[]): string {
  const mean = (value: (one: Captured) => number) =>
    captured.reduce((sum, one) => sum + value(one), 0) / captured.length
  return [
    `${ratesText(compared, 1)} at ${connections} connections`,
    `${mean(({ statements }) => statements.length).toFixed(1)} statements`,
    `${(mean(({ bytes }) => bytes) / 1000).toFixed(1)} kB an answer`,
    `${compared.ratioTo(2).toFixed(2)} of the floor without token`,
  ].join(', ')
}
