import type { Answer, Call } from '#http'
import type { ImportOptions } from './options.ts'
import { importerOf } from './own-import.ts'
import { listImports } from './records/imports-store.ts'

/** The imports of the app that calls, for one that has lost an address; the newest first. */
export async function listOwnImports({ db }: ImportOptions, call: Call): Promise<Answer> {
  const all = await listImports(db, call.practice.number, await importerOf(call))
  const imports = all.map(({ id, state, address, base, created, expires, sentence }) => ({
    ...{ id, state, request: address, created: new Date(created).toISOString() },
    status: `${base}/$import-status/${id}`,
    ...(state === 'failed' && { sentence }),
    ...(expires !== undefined && { expires: new Date(expires).toISOString() }),
  }))
  return { isFleeting: true, type: 'application/json', body: JSON.stringify({ imports }) }
}
