import type { SearchType } from '../search/query.ts'

/**
 * Search parameters of our own, beside those of R4 and US Core. An entry is all it takes: parsing, indexing, the
 * CapabilityStatement and the docs follow, a test runs its example, and `migrate` re-indexes its base types.
 */
export interface OwnSearchParameter {
  readonly url: string
  readonly code: string
  readonly base: readonly string[]
  readonly type: Exclude<SearchType, 'composite' | 'special'>
  readonly expression: string
  /** Types that a reference may lead to, where the elements of the expression do not say. */
  readonly target?: readonly string[]
  readonly example: {
    readonly resource: { readonly resourceType: string; readonly id: string; readonly [element: string]: unknown }
    /** Values of the parameter, such as "A" or ":missing=true". */
    readonly finds: readonly string[]
    readonly misses: readonly string[]
  }
}

export const ownSearchParameters: readonly OwnSearchParameter[] = []
