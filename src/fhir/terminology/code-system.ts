import type { Concept } from './tables.ts'

/** A code system with its hierarchy. */
export interface CodeSystem {
  readonly codes: readonly string[]
  has(code: string): boolean
  display(code: string): string | undefined
  /** Codes right above and right below. */
  parents(code: string): readonly string[]
  children(code: string): readonly string[]
  /** The code and all that it subsumes; undefined when the system doesn't know it. */
  below(code: string): readonly string[] | undefined
  /** The code and all that subsume it. */
  above(code: string): readonly string[] | undefined
}

export function codeSystemOf(concepts: readonly Concept[]): CodeSystem {
  const rows = concepts.map((concept): readonly [string, string?, ...number[]] =>
    typeof concept === 'string' ? [concept] : concept,
  )
  const indexes = new Map(rows.map(([code], index) => [code, index]))
  const parents = rows.map(([, , ...indexes]) => indexes)
  const children: number[][] = rows.map(() => [])
  for (const [index, above] of parents.entries()) for (const parent of above) children[parent]?.push(index)
  const reach = (code: string, next: readonly (readonly number[])[]) => {
    const start = indexes.get(code)
    return start === undefined ? undefined : reachable(start, next).map((index) => rows[index]?.[0] ?? '')
  }
  const next = (code: string, links: readonly (readonly number[])[]) =>
    (links[indexes.get(code) ?? -1] ?? []).map((index) => rows[index]?.[0] ?? '')
  return {
    codes: rows.map(([code]) => code),
    has: (code) => indexes.has(code),
    display: (code) => {
      const row = rows[indexes.get(code) ?? -1]
      return row && (row[1] || row[0])
    },
    parents: (code) => next(code, parents),
    children: (code) => next(code, children),
    below: (code) => reach(code, children),
    above: (code) => reach(code, parents),
  }
}

function reachable(start: number, next: readonly (readonly number[])[]): readonly number[] {
  const found = new Set([start])
  for (const index of found) for (const other of next[index] ?? []) found.add(other)
  return [...found]
}
