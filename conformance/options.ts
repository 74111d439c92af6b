import { parseArgs } from 'node:util'
import { type AnySuite, allSuites } from './suites.ts'

export const kinds = ['sandbox', 'reference'] as const
export type DataKind = (typeof kinds)[number]

export interface Options {
  readonly suites: readonly AnySuite[]
  readonly kinds: readonly DataKind[]
  /** Short ids of groups instead of the whole API group; the kit runs no test of such a group alone. */
  readonly only: readonly string[]
  readonly validator: string
  readonly kit: string
  /** Number of synthetic patients. */
  readonly patients: number
  readonly dataDir: string | undefined
  /** A server that runs already, with the patients to ask for and a token of it. */
  readonly given: { readonly url: string; readonly patients: string; readonly token: string } | undefined
  readonly resumes: boolean
}

export const usage = `Usage: npm run conformance -- [options]

Runs the server suites of the certification kit against charthouse and prints what passed.

  --suite us_core_v610,…    which suites (default: all ${allSuites.length})
                            ${allSuites.map(({ id }) => id).join(' ')}
  --data sandbox,reference  which data (default: sandbox)
  --only 2.13,2.14          only these groups, by the short ids of the kit
  --validator URL|none      HL7's validator (default: http://127.0.0.1:3500); none accepts every resource
  --patients N              synthetic patients of each sandbox (default: 20)
  --data-dir DIR            keep the database there and use what it holds (default: a new one, removed at the end)
  --resume                  leave out what has a result of this commit
  --base-url URL --patient-ids A,B --token T
                            a server that runs already; --data then only names the results
  --kit DIR                 the folder of the kit's launcher (default: ../shared/kit)
`

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      suite: { type: 'string', default: allSuites.map(({ id }) => id).join(',') },
      data: { type: 'string', default: 'sandbox' },
      only: { type: 'string', default: '' },
      validator: { type: 'string', default: 'http://127.0.0.1:3500' },
      patients: { type: 'string', default: '20' },
      'data-dir': { type: 'string' },
      resume: { type: 'boolean', default: false },
      'base-url': { type: 'string' },
      'patient-ids': { type: 'string' },
      token: { type: 'string' },
      kit: { type: 'string', default: '../shared/kit' },
    },
  })
  return {
    suites: values.suite.split(',').map((id) => oneOf('suite', id, allSuites, (suite) => suite.id)),
    kinds: values.data.split(',').map((kind) => oneOf('data', kind, kinds, (each) => each)),
    only: values.only.split(',').filter((id) => id !== ''),
    validator: values.validator,
    kit: values.kit,
    patients: Number(values.patients),
    dataDir: values['data-dir'],
    given: givenServer(values['base-url'], values['patient-ids'], values.token),
    resumes: values.resume,
  }
}

function oneOf<Known>(option: string, name: string, all: readonly Known[], nameOf: (known: Known) => string): Known {
  const found = all.find((known) => nameOf(known) === name)
  if (!found) throw new Error(`--${option} does not know "${name}"; it knows ${all.map(nameOf).join(', ')}`)
  return found
}

function givenServer(url?: string, patients?: string, token?: string) {
  if (url === undefined) return undefined
  if (!patients || !token) throw new Error('--base-url needs --patient-ids and --token')
  return { url, patients, token }
}
