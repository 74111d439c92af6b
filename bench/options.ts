import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Problem } from '#lib'

export interface Options {
  readonly suite: 'general' | 'exports'
  /** Resources of a data set. */
  readonly size: number
  readonly isSmall: boolean
  /** Names of rows; all of them when empty. */
  readonly only: readonly string[]
  /** Sizes of the search workload, in patients. */
  readonly patients: readonly number[]
  /** Rounds of each side, and how long one is. */
  readonly rounds: number
  readonly seconds: number
  /** Where data sets are kept between runs. */
  readonly dataDir: string
  /** Profiles of our processes are written. */
  readonly isProfiled: boolean
}

export const help = `npm run bench -- [options]
npm run bench:export -- [options]
  --small            sizes that take seconds, to see that it works; the figures mean nothing
  --size N           resources of a data set (300000 unless told; 3000000 for the issue's second column)
  --only ROW         one row, by the name that stands first in the table; again for more
  --patients N,N,…   sizes of the search workload (1000,4000,16000)
  --rounds N         rounds of each side (5)
  --seconds N        length of a round (3)
  --data DIR         where data sets are kept between runs (in the system's folder for temporary files)
  --profile          write processor profiles of our servers and imports to bench/results/profiles
`

export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      small: { type: 'boolean', default: false },
      size: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      patients: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      data: { type: 'string' },
      profile: { type: 'boolean', default: false },
      exports: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const isSmall = values.small
  return {
    suite: values.exports ? 'exports' : 'general',
    isSmall,
    size: whole(values.size ?? (isSmall ? '2000' : '300000')),
    only: values.only,
    patients: (values.patients ?? (isSmall ? '10,40' : '1000,4000,16000')).split(',').map(whole),
    rounds: whole(values.rounds ?? (isSmall ? '1' : '5')),
    seconds: Number(values.seconds ?? (isSmall ? '0.3' : '3')),
    dataDir: resolve(values.data ?? join(tmpdir(), `charthouse-bench-${userInfo().uid}`)),
    isProfiled: values.profile,
  }
}

function whole(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new Problem('incorrect', `A whole number is wanted, not "${text}"`)
}
