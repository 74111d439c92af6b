import type { Call } from '#http'
import { Problem } from '#lib'
import type { ImportOptions } from './options.ts'
import type { Import } from './records/import.ts'
import { findImport } from './records/imports-store.ts'
import { asSystem } from './rights.ts'

/** The client that calls, if imports are its own. */
export async function importerOf(call: Call): Promise<string> {
  const { client, scopes } = asSystem(await call.principal)
  if (scopes !== '') return client
  throw new Problem('forbidden', 'There are no imports of this token: it takes system/ scopes of a backend app')
}

/** The import that a path names, of whoever began it: to everybody else it is not known. */
export async function ownImport({ db }: ImportOptions, call: Call): Promise<Import> {
  const { id = '' } = call.path
  const { client, scopes } = asSystem(await call.principal)
  const found = /^[0-9a-f]{32}$/.test(id) ? await findImport(db, call.practice.number, id) : undefined
  if (found?.client !== client || scopes === '' || found.state === 'deleted') {
    throw new Problem('not-found', 'This import is not known: it is not one of this app, or was deleted')
  }
  if ((found.expires ?? Number.POSITIVE_INFINITY) > Date.now()) return found
  throw new Problem('gone', 'What came of this import can be asked for no longer')
}
