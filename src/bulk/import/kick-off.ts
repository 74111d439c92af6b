import { outcome } from '#fhir'
import type { Answer, Call } from '#http'
import { Problem } from '#lib'
import { readManifest } from './manifest.ts'
import type { ImportOptions } from './options.ts'
import type { NewImport } from './records/import.ts'
import { addImport, countRunning, lockKickOffs } from './records/imports-store.ts'
import { asSystem, checkPlace, rightsTo } from './rights.ts'

/** Of a client: the others wait at the client, not here. */
const mostRunning = 2

/** Begins an import: 202 with the address of its status. Nothing is fetched before. */
export async function beginImport(options: ImportOptions, call: Call): Promise<Answer> {
  const { db, report } = options
  const caller = await call.principal
  const principal = asSystem(caller)
  const place = await options.placeOf(call.practice.number, principal)
  checkPlace(place)
  const inputs = readManifest(call.body, options.isDevelopment)
  for (const type of new Set(inputs.map((input) => input.type))) rightsTo(type, principal, place)
  refuseWaiting(call)
  const { practice, base, requestId: request } = call
  const { client, user } = caller
  const id = await db.transaction(async (transaction) => {
    await lockKickOffs(transaction, practice.number)
    refuseMore(await countRunning(transaction, practice.number, client))
    const address = `${base}/$import`
    const added: NewImport = { practice: practice.number, client, principal, address, base, inputs }
    return addImport(transaction, added)
  })
  report({ event: 'import', change: 'begun', request, practice: practice.id, client, user, id })
  const status = `${base}/$import-status/${id}`
  const told = outcome('information', 'informational', `The import has begun: ask ${status} how far it is`)
  return { status: 202, headers: { 'content-location': status }, body: JSON.stringify(told) }
}

function refuseWaiting({ headers: { prefer } }: Call) {
  if (/(^|[\s,;])respond-async($|[\s,;])/i.test(String(prefer ?? ''))) return
  throw new Problem('incorrect', 'An import takes longer than a request: send the header "Prefer: respond-async"', {
    expression: 'Prefer',
  })
}

function refuseMore(running: number) {
  if (running < mostRunning) return
  throw new Problem(
    'busy',
    `Cannot import: ${running} imports of this app are running; wait for one, or DELETE its status`,
  )
}
