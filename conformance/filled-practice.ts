import { existsSync } from 'node:fs'
import type { Charthouse } from './charthouse.ts'
import type { DataKind } from './options.ts'
import type { AnySuite } from './suites.ts'

const reference = '../shared/data/inferno/inferno-reference.ndjson'
const referenceGroup = '1a'

export interface Target {
  /** FHIR base URL. */
  readonly url: string
  /** Ids with commas. */
  readonly patients: string
  /** The id of a Group of these patients, where the data has one. */
  readonly group?: string
  readonly token: string
  /** Throws when the server has ended. */
  checkServes(): void
}

/** A practice with the data wanted, filled unless an earlier run did it, and a new token: one lives an hour. */
export async function filledPractice(
  { url, run, checkServes }: Charthouse,
  suite: AnySuite,
  data: { readonly kind: DataKind; readonly patients: number },
): Promise<Target> {
  const dialect = 'dialect' in suite ? suite.dialect : undefined
  const kind = data.kind === 'reference' ? 'reference' : `sandbox-${suite.usCore.replaceAll('.', '')}`
  const practice = dialect === undefined ? kind : `${kind}-${dialect}`
  if (!(await run('practice', 'list')).match(new RegExp(`^${practice}\\s`, 'm'))) {
    await run('practice', 'add', practice, ...(dialect === undefined ? [] : ['--dialect', dialect]))
    await fill(run, practice, suite, data)
  }
  return {
    url: `${url}/${practice}/fhir/r4`,
    patients:
      data.kind === 'reference' ? suite.referencePatients : await run('sandbox', '--cover', '--practice', practice),
    ...(data.kind === 'reference' && { group: referenceGroup }),
    token: await run('token', '--practice', practice, '--scope', 'system/*.rs'),
    checkServes,
  }
}

async function fill(
  run: Charthouse['run'],
  practice: string,
  suite: AnySuite,
  data: { readonly kind: DataKind; readonly patients: number },
) {
  if (data.kind === 'sandbox') {
    await run('sandbox', '--patients', String(data.patients), '--us-core', suite.usCore, '--practice', practice)
    return
  }
  if (!existsSync(reference)) throw new Error(`The reference data is not at ${reference}: take --data sandbox`)
  await run('import', reference, '--practice', practice)
}
