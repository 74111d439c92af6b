import type { Practice } from '#http'
import { fileAddress, fileNameOf } from '../addresses.ts'
import type { Export } from '../export.ts'
import type { ExportFace } from '../face.ts'
import type { FilePlaces } from '../work/parts.ts'
import { ticketFor } from './ticket.ts'

const hourMs = 3_600_000
/** Longer than an export takes: addresses that are told while it runs hold as long as those that are told at its end. */
const longestMs = 60 * 24 * hourMs

/** How the files of an export are named, and where they are found: with a ticket where they need no token. */
export function filePlaces(
  { ticketKey, now }: Pick<ExportFace, 'ticketKey' | 'now'>,
  practice: Pick<Practice, 'root' | 'id' | 'dialect'>,
  exported: Export,
): FilePlaces {
  const { shape, id, practice: number } = exported
  const expires = exported.expires ?? now() + longestMs + shape.expiryHours * hourMs
  return {
    nameOf: (file, n) => fileNameOf(practice.dialect.export, file, n),
    addressOf({ type, name }) {
      const ticket = shape.isOpen ? ticketFor(ticketKey, { practice: number, id, name }, expires) : undefined
      return fileAddress(practice, exported, { type, name, ticket })
    },
  }
}
