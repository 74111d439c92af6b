import type { Method, Route } from '#http'
import type { Operation } from './operation.ts'

/** `$code` at each level that the operation has, by POST, and by GET when it changes nothing. */
export function operationRoutes(operations: readonly Operation[]): readonly Route[] {
  return operations.flatMap((operation) =>
    pathsOf(operation).flatMap((path) =>
      methodsOf(operation).map((method) => ({
        method,
        path,
        interaction: `$${operation.code}`,
        answer: (call) => operation.run(call),
      })),
    ),
  )
}

function pathsOf({ code, on, resources }: Operation): readonly string[] {
  return on.flatMap((level) => {
    if (level === 'system') return [`/$${code}`]
    return resources.map((type) => (level === 'type' ? `/${type}/$${code}` : `/${type}/:id/$${code}`))
  })
}

function methodsOf({ affectsState }: Operation): readonly Method[] {
  return affectsState ? ['POST'] : ['GET', 'POST']
}
