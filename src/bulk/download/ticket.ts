/** What stands for a token in the address of a file: nobody can make one who has not the installation's key. */
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { Export } from '../export.ts'

type Ticketed = Pick<Export, 'practice' | 'id'> & { readonly name: string }

/** `expires`: milliseconds since 1970. */
export function ticketFor(key: KeyObject, file: Ticketed, expires: number): string {
  const until = Math.floor(expires / 1000).toString(36)
  return `${until}.${sealOf(key, file, until)}`
}

export function isTicketFor(key: KeyObject, file: Ticketed, ticket: string, now: number): boolean {
  const [until = '', seal = ''] = ticket.split('.')
  // as text: several texts stand for the same bytes
  const [given, made] = [Buffer.from(seal), Buffer.from(sealOf(key, file, until))]
  if (given.length !== made.length || !timingSafeEqual(given, made)) return false
  return Number.parseInt(until, 36) * 1000 > now
}

function sealOf(key: KeyObject, { practice, id, name }: Ticketed, until: string): string {
  return createHmac('sha256', key).update(['export-file', practice, id, name, until].join('\n')).digest('base64url')
}
