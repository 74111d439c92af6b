import type { Answer, Call, Method, Parameters, Route } from '#http'
import { Problem } from '#lib'
import type { RestOptions } from '../options.ts'
import { pageStart } from '../pages/page-start.ts'
import { idAt, resourceTypeAt } from '../resource-type.ts'
import { isFor, type Level, type Operation, type OperationCall } from './operation.ts'
import { entriesOf, readEntries } from './parameters/given-parameters.ts'
import type { Entry } from './parameters/parameter.ts'
import { refusal } from './parameters/read-value.ts'

const paths: Readonly<Record<Level, string>> = { system: '/', type: '/:type/', instance: '/:type/:id/' }

/** `$code` at each level that an operation of that code has, by POST, and by GET when it changes nothing. */
export function operationRoutes(options: RestOptions, operations: readonly Operation[]): readonly Route[] {
  return [...Map.groupBy(operations, ({ code }) => code)].flatMap(([code, alike]) =>
    (['system', 'type', 'instance'] as const).flatMap((level) => {
      const offered = alike.filter(({ on }) => on.includes(level))
      return methodsOf(offered).map(
        (method): Route => ({
          method,
          path: `${paths[level]}$${code}`,
          interaction: `$${code}`,
          isSpending: offered.some(({ isKickOff }) => isKickOff),
          answer: (call) => run(options, call, level, offered),
        }),
      )
    }),
  )
}

function methodsOf(operations: readonly Operation[]): readonly Method[] {
  if (operations.length === 0) return []
  return operations.every(({ affectsState }) => affectsState) ? ['POST'] : ['GET', 'POST']
}

function run(options: RestOptions, call: Call, level: Level, offered: readonly Operation[]): Promise<Answer> | Answer {
  const place = placeOf(call, level)
  const operation = offeredAt(offered, place.type, call.method)
  const { parameters, isSearch, readsEntries, readsBody } = operation
  const { asked, start } = askedOf(options, call, operation, placePath(operation, place))
  const entries = entriesOf(asked, start || readsBody ? undefined : call.body, parameters)
  const isOwn = ({ name }: Entry) => !isSearch || Object.hasOwn(parameters, name)
  const given = readsEntries ? {} : readEntries(entries.filter(isOwn), parameters, call.practice.timeZone)
  const asText = entries.flatMap((entry) => textOf(entry, isOwn(entry)))
  return operation.run(options, { ...call, ...place, asked: asText, entries, ...(start && { start }) }, given)
}

function placeOf({ practice, path }: Call, level: Level): Pick<OperationCall, 'level' | 'type' | 'id'> {
  if (level === 'system') return { level }
  const type = resourceTypeAt(practice, path.type ?? '')
  return level === 'type' ? { level, type } : { level, type, id: idAt(path.id ?? '') }
}

function offeredAt(offered: readonly Operation[], type: string | undefined, method: string): Operation {
  const operation = offered.find((each) => type === undefined || isFor(each, type))
  if (!operation) throw new Problem('unsupported', `The operation $${offered[0]?.code} is not offered for ${type}`)
  if (!operation.affectsState || method === 'POST') return operation
  throw new Problem('not-allowed', `$${operation.code} changes what is stored: it is called by POST`)
}

/** Values of the operation's own may be objects; those of a search are text, and an object would be overlooked. */
function textOf({ name, given }: Entry, isOwn: boolean): Parameters {
  if (typeof given === 'string') return [[name, given]]
  if (isOwn) return []
  throw refusal(name, 'a value of a search is given as text, as in a URL')
}

/** Where an operation was called, below the base: `Patient/1/$everything`. */
export function placePath({ code }: Pick<Operation, 'code'>, { type, id }: Pick<OperationCall, 'type' | 'id'>): string {
  return [type, id, `$${code}`].filter((part) => part !== undefined).join('/')
}

/** What was asked for; of a paging link what its first page was asked for. */
function askedOf(options: RestOptions, call: Call, { isPaged }: Operation, path: string) {
  const { asked, cursor, token } = pageStart(options.pagingKey, call, path)
  if (token === undefined || cursor === undefined) return { asked }
  if (isPaged) return { asked, start: { token, cursor } }
  throw new Problem('incorrect', 'The page cannot be found: the operation answers one page')
}
