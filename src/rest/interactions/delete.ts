import type { Answer, Call } from '#http'
import { Problem } from '#lib'
import type { Change } from '#store'
import type { RestOptions } from '../options.ts'
import { idAt, resourceTypeAt } from '../resource-type.ts'
import { again } from '../writing/again.ts'
import { writtenAnswer } from '../writing/answer.ts'
import { absent, commit, type Prepared, type Written } from '../writing/commit.ts'
import { ifMatchOf } from '../writing/if-match.ts'
import { criteriaIn, oneMatch } from '../writing/match.ts'
import { mayWrite, openWriting, type Writing } from '../writing/writing.ts'

/** https://hl7.org/fhir/R4/http.html#delete */
export function deleteById(options: RestOptions) {
  return async (call: Call): Promise<Answer> => {
    const type = resourceTypeAt(call.practice, call.path.type ?? '')
    const id = idAt(call.path.id ?? '')
    const writing = await openWriting(options, call)
    const prepared = deleteResource(writing, type, id, ifMatchOf(call.headers))
    const written = await commit(writing, [prepared]).then(
      ([done]) => done,
      (error: unknown) => asIfAbsent(error, writing, type, id),
    )
    return writtenAnswer(call.base, written, writing.preference)
  }
}

/** https://hl7.org/fhir/R4/http.html#3.1.0.7.1: one match; several are refused. */
export function deleteWhere(options: RestOptions) {
  return async (call: Call): Promise<Answer> => {
    const type = resourceTypeAt(call.practice, call.path.type ?? '')
    const criteria = criteriaIn(call)
    const writing = await openWriting(options, call)
    mayWrite(writing, 'delete', type)
    const ifMatch = ifMatchOf(call.headers)
    const written = await again(ifMatch ? [] : ['stale'], async (): Promise<Written> => {
      const match = await oneMatch(writing, type, criteria)
      if (!match) return absent(type, '')
      const [done] = await commit(writing, [deleteResource(writing, type, match.id, ifMatch ?? [match.version])])
      return done
    })
    return writtenAnswer(call.base, written, writing.preference)
  }
}

/** The deletion of a resource; of what is not there nothing comes. */
export function deleteResource(writing: Writing, type: string, id: string, ifMatch?: Change['ifMatch']): Prepared {
  return {
    change: {
      operation: { kind: 'delete', type, id },
      may: { delete: mayWrite(writing, 'delete', type) },
      refuseReferenced: writing.rules.deleteReferenced === 'refuse',
      ...(ifMatch !== undefined && { ifMatch }),
    },
  }
}

/** S-2: what they may not see is as if it were not there. */
async function asIfAbsent(error: unknown, { store, see }: Writing, type: string, id: string): Promise<Written> {
  if (!(error instanceof Problem) || error.kind !== 'forbidden') throw error
  const found = await store.read(see, type, id)
  if (found.state === 'current') throw error
  return absent(type, id)
}
