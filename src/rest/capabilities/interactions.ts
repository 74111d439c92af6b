import { ownershipOf } from '#fhir'
import type { Route, WriteRules } from '#http'

/** Values of the bindings of `rest.resource.interaction` and `rest.interaction`. */
const ofType = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
]
const ofSystem = ['batch', 'search-system', 'history-system']
const writing = ['update', 'patch', 'delete', 'create']

interface Code {
  readonly code: string
}

/** What can be done with resources of a type; written is what the practice takes, and audit events never. */
export function typeInteractions(type: string, routes: readonly Route[], writes: WriteRules | undefined): Code[] {
  const isWritten = writes !== undefined && ownershipOf(type)?.class !== 'audit'
  return served(ofType, routes).filter(({ code }) => isWritten || !writing.includes(code))
}

/** A batch may only read; a transaction is for writes. */
export function systemInteractions(routes: readonly Route[], writes: WriteRules | undefined): Code[] {
  const codes = served(ofSystem, routes)
  return writes && codes.some(({ code }) => code === 'batch') ? [{ code: 'transaction' }, ...codes] : codes
}

function served(codes: readonly string[], routes: readonly Route[]): Code[] {
  const offered = new Set(routes.map(({ interaction }) => interaction))
  return codes.filter((code) => offered.has(code)).map((code) => ({ code }))
}
