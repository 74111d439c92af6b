import { existsSync } from 'node:fs'
import type { Charthouse } from './charthouse.ts'
import type { DataKind } from './options.ts'
import type { Suite } from './suites.ts'

const reference = '../shared/data/inferno/inferno-reference.ndjson'

export interface Target {
  /** FHIR base URL. */
  readonly url: string
  /** Ids with commas. */
  readonly patients: string
  readonly token: string
  /** Throws when the server has ended. */
  checkServes(): void
}

/** A practice with the data wanted, filled unless an earlier run did it, and a new token: one lives an hour. */
export async function filledPractice(
  { url, run, checkServes }: Charthouse,
  suite: Suite,
  data: { readonly kind: DataKind; readonly patients: number },
): Promise<Target> {
  const practice = data.kind === 'reference' ? 'reference' : `sandbox-${suite.usCore.replaceAll('.', '')}`
  if (!(await run('practice', 'list')).match(new RegExp(`\\b${practice}\\b`))) {
    await run('practice', 'add', practice)
    await fill(run, practice, suite, data)
  }
  return {
    url: `${url}/${practice}/fhir/r4`,
    patients:
      data.kind === 'reference' ? suite.referencePatients : await run('sandbox', '--cover', '--practice', practice),
    token: await run('token', '--practice', practice, '--scope', 'system/*.rs'),
    checkServes,
  }
}

async function fill(
  run: Charthouse['run'],
  practice: string,
  suite: Suite,
  data: { readonly kind: DataKind; readonly patients: number },
) {
  if (data.kind === 'sandbox') {
    await run('sandbox', '--patients', String(data.patients), '--us-core', suite.usCore, '--practice', practice)
    return
  }
  if (!existsSync(reference)) throw new Error(`The reference data is not at ${reference}: take --data sandbox`)
  await run('import', reference, '--practice', practice)
}
