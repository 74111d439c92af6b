import { Problem } from '#lib'
import type { RestOptions } from '../options.ts'
import { type Asked, askedOf, isRead } from './asked.ts'
import { atOnce } from './at-once.ts'
import { entryAnswer, type Requests } from './batch.ts'
import { entryProblem, forEntry } from './entry-problem.ts'
import { answeredEntry, refusedEntry } from './response-entry.ts'
import { type ResponseRoom, responseRoom } from './response-room.ts'
import { writeEntries } from './write-entries.ts'

/**
 * All entries or none: https://hl7.org/fhir/R4/http.html#trules. Reads come last, and see what was written. They are tried
 * before anything is written, too, since one that is refused refuses the transaction.
 */
export async function transaction(options: RestOptions, requests: Requests): Promise<string[]> {
  const { call, entries, bases, dispatch } = requests
  const asked = entries.map((entry) => forEntry(entry.index, () => askedOf(entry, bases)))
  const reads = asked.filter((one) => isRead(one))
  const writes = asked.filter((one) => !isRead(one))
  for (const one of reads) forEntry(one.entry.index, () => refuseChange(one, requests))
  const room = responseRoom()
  const tried = await atOnce(reads, (one) => readAnswer(one, requests, room))
  if (writes.length === 0) return tried
  const answers: string[] = []
  for (const [index, answer] of await writeEntries(options, call, writes)) {
    answers[index] = answeredEntry({ method: 'POST', headers: {} }, answer)
  }
  const answering = { dispatch, room: responseRoom() }
  await atOnce(reads, async (one) => {
    answers[one.entry.index] = await entryAnswer(call, one, answering)
  })
  return answers
}

/** What is not there, or no longer, is told at its entry; any other refusal is one of the whole transaction. */
async function readAnswer(asked: Asked, { call, dispatch }: Requests, room: ResponseRoom): Promise<string> {
  try {
    room.refuseWhenFull()
    const { call: inner, answer } = await dispatch.answer(call, asked)
    return room.take(answeredEntry(inner, answer))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.kind === 'not-found' || error.kind === 'gone') return refusedEntry(call.refused(error))
    throw entryProblem(asked.entry.index, error)
  }
}

/** An operation that is called by GET, too, changes nothing. */
function refuseChange(asked: Asked, { dispatch }: Requests) {
  if (asked.method !== 'POST') return
  try {
    dispatch.find({ ...asked, method: 'GET' })
  } catch (cause) {
    const sentence = `POST ${asked.path} cannot be part of a transaction: only what is read or written by its address can`
    throw new Problem('unsupported', sentence, { cause })
  }
}
