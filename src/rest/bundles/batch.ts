import type { Call } from '#http'
import type { Entry } from '#store'
import { type Asked, askedOf, isRead, roundOf } from './asked.ts'
import { atOnce } from './at-once.ts'
import type { Dispatch } from './dispatch.ts'
import { answeredEntry, refusedEntry } from './response-entry.ts'
import { type ResponseRoom, responseRoom } from './response-room.ts'

export interface Requests {
  readonly call: Call
  readonly entries: readonly Entry[]
  /** What an entry may write before its path. */
  readonly bases: readonly string[]
  readonly dispatch: Dispatch
}

/**
 * Each entry by itself: what becomes of one is no matter to the others, but all deletions are done before what is
 * created, that before what is updated, and reads come last. https://hl7.org/fhir/R4/http.html#brules
 */
export async function batch({ call, entries, bases, dispatch }: Requests): Promise<string[]> {
  const answers: string[] = []
  const rounds: Asked[][] = [[], [], [], []]
  for (const entry of entries) {
    try {
      const asked = askedOf(entry, bases)
      rounds[roundOf(asked)]?.push(asked)
    } catch (error) {
      answers[entry.index] = refusedEntry(call.refused(error))
    }
  }
  const room = responseRoom()
  for (const round of rounds) {
    await atOnce(round, async (asked) => {
      answers[asked.entry.index] = await entryAnswer(call, asked, { dispatch, room })
    })
  }
  return answers
}

interface Answering {
  readonly dispatch: Dispatch
  readonly room: ResponseRoom
}

export async function entryAnswer(call: Call, asked: Asked, { dispatch, room }: Answering): Promise<string> {
  try {
    if (isRead(asked)) room.refuseWhenFull()
    const { call: inner, answer } = await dispatch.answer(call, asked)
    return room.take(answeredEntry(inner, answer))
  } catch (error) {
    return refusedEntry(call.refused(error))
  }
}
