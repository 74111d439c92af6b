import { isId } from '#fhir'
import type { Answer, Call, Method, Parameters, Route } from '#http'
import { Problem } from '#lib'
import { readPageToken } from '../bundles/page-token.ts'
import type { RestOptions } from '../options.ts'
import { resourceTypeAt } from '../resource-type.ts'
import { isFor, type Level, type Operation, type OperationCall } from './operation.ts'
import { type Entry, entriesOf, readEntries } from './parameters/given-parameters.ts'

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
  const { practice, path } = call
  const type = level === 'system' ? undefined : resourceTypeAt(practice, path.type ?? '')
  const operation = offered.find((each) => type === undefined || isFor(each, type))
  if (!operation) throw new Problem('unsupported', `The operation $${offered[0]?.code} is not offered for ${type}`)
  if (operation.affectsState && call.method !== 'POST') {
    throw new Problem('not-allowed', `$${operation.code} changes what is stored: it is called by POST`)
  }
  const { id } = path
  if (level === 'instance' && !isId(id)) {
    throw new Problem('incorrect', `"${id}" is not an id: at most 64 letters, digits, "-" and "." are`)
  }
  const place = { level, ...(type !== undefined && { type }), ...(id !== undefined && { id }) }
  const { asked, start } = askedOf(options, call, operation, placePath(operation, place))
  const entries = entriesOf(asked, start ? undefined : call.body, operation.parameters)
  const isOwn = ({ name }: Entry) => !operation.isSearch || Object.hasOwn(operation.parameters, name)
  const given = readEntries(entries.filter(isOwn), operation.parameters, practice.timeZone)
  const asText = entries.flatMap(({ name, given: one }) => (typeof one === 'string' ? [[name, one] as const] : []))
  return operation.run(options, { ...call, ...place, asked: asText, ...(start && { start }) }, given)
}

/** Where an operation was called, below the base: `Patient/1/$everything`. */
export function placePath({ code }: Pick<Operation, 'code'>, { type, id }: Pick<OperationCall, 'type' | 'id'>): string {
  return [type, id, `$${code}`].filter((part) => part !== undefined).join('/')
}

/** What was asked for; of a paging link what its first page was asked for. */
function askedOf(options: RestOptions, call: Call, { isPaged }: Operation, path: string) {
  const asked: Parameters = call.parameters.filter(([name]) => name !== '_format' && name !== '_pretty')
  const token = isPaged ? asked.find(([name]) => name === '_page')?.[1] : undefined
  if (token === undefined) return { asked }
  const { path: started, used, cursor } = readPageToken(options.pagingKey, call.practice.number, token)
  if (started !== path || asked.length > 1) {
    const sentence = 'The page cannot be found: a paging link is used as it was given, without other parameters'
    throw new Problem('incorrect', sentence)
  }
  return { asked: used, start: { token, cursor } }
}
