import type { ConditionalQuery, WriteOperation, WriteResult } from '#store'

/** A store in memory for tests: keeps texts, counts versions and finds by identifier. */
export function standInStore() {
  const texts = new Map<string, string>()
  const versions = new Map<string, number>()
  const byIdentifier = new Map<string, Set<string>>()

  const writeOne = (operation: WriteOperation): WriteResult => {
    const key = `${operation.type}/${operation.id}`
    const before = texts.get(key)
    const version = versions.get(key) ?? 0
    const answer = (outcome: WriteResult['outcome']) => ({
      outcome,
      version: versions.get(key) ?? version,
      updated: 0,
    })
    if (operation.kind === 'delete') return answer(texts.delete(key) ? 'deleted' : 'absent')
    if (before === operation.text) return answer('unchanged')
    texts.set(key, operation.text)
    versions.set(key, version + 1)
    for (const identifier of identifiersOf(operation.resource)) {
      const query = `${operation.type}?identifier=${identifier.system ?? ''}|${identifier.value}`
      byIdentifier.set(query, (byIdentifier.get(query) ?? new Set()).add(operation.id))
    }
    return answer(before === undefined ? 'created' : 'updated')
  }
  return {
    texts,
    versions,
    async write(operations: readonly WriteOperation[]): Promise<WriteResult[]> {
      await new Promise((done) => setImmediate(done))
      const keys = new Set(operations.map(({ type, id }) => `${type}/${id}`))
      if (keys.size < operations.length) throw new TypeError('A batch holds a resource twice')
      return operations.map(writeOne)
    },
    async resolve(queries: readonly ConditionalQuery[]) {
      return queries.map(({ type, query }) => [...(byIdentifier.get(`${type}?${query}`) ?? [])])
    },
  }
}

function identifiersOf(resource: object): { system?: string; value?: string }[] {
  const { identifier } = resource as { identifier?: { system?: string; value?: string }[] }
  return Array.isArray(identifier) ? identifier : []
}
