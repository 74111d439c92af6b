import type { Answer, Call, Route } from '#http'
import { Problem } from '#lib'
import type { Asked } from './asked.ts'
import { entryCall } from './entry-call.ts'
import { type FoundRoute, findRoute } from './find-route.ts'

/** Sends entries of a Bundle to the routes that they address. */
export interface Dispatch {
  find(asked: Asked): FoundRoute
  /** The answer of the entry's route: with all of its checks, to the principal of the Bundle. */
  answer(call: Call, asked: Asked): Promise<Dispatched>
}

export interface Dispatched {
  /** The call of the entry. */
  readonly call: Call
  readonly answer: Answer
}

export function dispatchTo(routes: readonly Route[]): Dispatch {
  const findAt = findRoute(routes)
  function find({ method, path }: Asked): FoundRoute {
    const found = findAt(method, path)
    if (found.route.interaction !== 'batch') return found
    throw new Problem('incorrect', 'A Bundle cannot be posted within a Bundle')
  }
  return {
    find,
    async answer(call, asked) {
      const found = find(asked)
      const inner = entryCall(call, asked, found)
      return { call: inner, answer: await found.route.answer(inner) }
    },
  }
}
