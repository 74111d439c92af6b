import type { Answer, Call, Route } from '#http'
import { basesOf } from '../interactions/understand.ts'
import type { RestOptions } from '../options.ts'
import { batch } from './batch.ts'
import { dispatchTo } from './dispatch.ts'
import { postedBundle } from './posted-bundle.ts'
import { responseBundle } from './response-entry.ts'
import { transaction } from './transaction.ts'

/** Many requests as one: https://hl7.org/fhir/R4/http.html#transaction. `routes`: what its entries may ask for. */
export function postBundle(options: RestOptions, routes: () => readonly Route[]) {
  let dispatch: ReturnType<typeof dispatchTo> | undefined
  return async (call: Call): Promise<Answer> => {
    dispatch ??= dispatchTo(routes())
    // A stranger's Bundle is not read.
    await call.principal
    const { type, entries } = postedBundle(call)
    const bases = [call.base, ...basesOf(call.practice)]
    const answers =
      type === 'batch'
        ? await batch({ call, entries, bases, dispatch })
        : await transaction(options, { call, entries, bases, dispatch })
    return { body: responseBundle(type, answers) }
  }
}
