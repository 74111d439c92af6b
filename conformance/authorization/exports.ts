/** What exports by the kit need: a Group, tokens that last, and an app that is permitted to export that Group. */
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Charthouse } from '../charthouse.ts'
import type { Target } from '../filled-practice.ts'

/** The kit takes one token for a whole export and never renews it. */
const tokenSeconds = 3600
const scope = 'system/*.rs'

/** The id of a Group of the patients, which is made unless the data has one. */
export async function groupToExport({ run }: Charthouse, practice: string, target: Target): Promise<string> {
  await run('practice', 'settings', practice, `tokenSeconds.backend=${tokenSeconds}`)
  if (target.group !== undefined) return target.group
  const id = 'kit'
  const members = target.patients.split(',').flatMap((patient) => ['--member', patient])
  await run(
    'group',
    'add',
    '--practice',
    practice,
    '--id',
    id,
    '--name',
    'Patients of the kit',
    ...members,
    '--replace',
  )
  return id
}

/** `named` are the options that all apps have. Unlike other apps it has keys of its own, which the server is told once. */
export async function registerExporter(
  { run }: Charthouse,
  named: readonly string[],
  { practice, group }: { readonly practice: string; readonly group: string },
): Promise<{ readonly client_id: string; readonly jwks: string }> {
  const { publicSet, privateSet } = newKeys()
  const printed = await withFile(publicSet, (file) => run('app', 'add', ...named, '--scope', scope, '--jwks', file))
  const { client_id } = JSON.parse(printed) as { client_id: string }
  await run('app', 'permit', client_id, '--practice', practice, '--scope', scope, '--group', group)
  return { client_id, jwks: privateSet }
}

/** A key for ES384 as two JWK Sets. */
function newKeys() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const kid = randomUUID()
  const setOf = (key: KeyObject, use: string) =>
    JSON.stringify({ keys: [{ ...key.export({ format: 'jwk' }), kid, alg: 'ES384', key_ops: [use] }] })
  return { publicSet: setOf(publicKey, 'verify'), privateSet: setOf(privateKey, 'sign') }
}

async function withFile<Result>(content: string, use: (path: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'charthouse-keys-'))
  try {
    const path = join(folder, 'jwks.json')
    await writeFile(path, content)
    return await use(path)
  } finally {
    await rm(folder, { recursive: true })
  }
}
