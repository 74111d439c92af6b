interface Identified {
  readonly type: string
  readonly id: string
  readonly parsed: object
}

/** Finds `Type?identifier=system|value` among resources that are not stored yet; other queries it leaves to the store. */
export function identified(resources: readonly Identified[]): (query: string) => readonly string[] {
  const ids = new Map<string, string[]>()
  for (const { type, id, parsed } of resources) {
    for (const identifier of identifiersOf(parsed)) {
      const key = `${type}?identifier=${identifier.system ?? ''}|${identifier.value}`
      ids.set(key, [...(ids.get(key) ?? []), id])
    }
  }
  return (query) => ids.get(decoded(query)) ?? []
}

function identifiersOf(parsed: object): { system?: unknown; value?: unknown }[] {
  const { identifier } = parsed as { identifier?: unknown }
  return [identifier].flat().filter((one) => typeof one === 'object' && one !== null)
}

function decoded(query: string): string {
  try {
    return decodeURIComponent(query)
  } catch {
    return query
  }
}
