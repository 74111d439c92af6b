/**
 * The search of a client as a tree: what `parse.ts` makes of a query string and what `store/search` turns into SQL.
 * https://hl7.org/fhir/R4/search.html
 */

export type SearchType =
  | 'string'
  | 'token'
  | 'reference'
  | 'date'
  | 'number'
  | 'quantity'
  | 'uri'
  | 'composite'
  | 'special'

/** Receives each value that a path finds in a resource, with its FHIR type ("Coding", "dateTime", "Reference", …). */
export type Visit = (value: unknown, type: string) => void

/**
 * One path of a search parameter's expression for one resource type. Parameters that look at the same path share the
 * source, so it is indexed once (`patient` and `subject` of Observation; `combo-code` is `code` and `component-code`).
 */
export interface Source {
  /** Stable 32-bit key (signed) made from base, path and the version of the index's algorithm: changes when they change. */
  readonly key: number
  /** The path as text without the final resolve() filter, such as "Observation.subject" or "Observation.value.ofType(Quantity)". */
  readonly path: string
  readonly each: (resource: object, visit: Visit) => void
}

/** A source as a parameter sees it: only references to `onlyTarget` count when the expression says `where(resolve() is X)`. */
export interface SourceUse {
  readonly source: Source
  readonly onlyTarget?: string
}

export interface SearchParameter {
  readonly code: string
  readonly url: string
  readonly type: SearchType
  /** The resource type that this entry is for; parameters of several bases have an entry for each. */
  readonly base: string
  readonly sources: readonly SourceUse[]
  /** Resource types that a reference may lead to. */
  readonly targets: readonly string[]
  /** Of a composite: its parts, evaluated on each value of `context`. */
  readonly components: readonly CompositePart[]
  /** Of a composite: what the parts are evaluated on; undefined means the resource itself. */
  readonly context?: Source
  /** System of the required value set when the elements are of type code or boolean, so that `system|code` can be told. */
  readonly codeSystem?: string
  /** Codes that the required binding admits; a value outside is `invalidCodeStatus`. */
  readonly codes?: ReadonlySet<string>
  readonly description: string
}

export interface CompositePart {
  readonly type: SearchType
  /** Evaluated on one value of the context (or on the resource when there is no context). */
  readonly source: Source
  /** The parameter of the resource that looks at the same path, when the context is the resource itself. */
  readonly parameter?: SearchParameter
  readonly codeSystem?: string
}

export type Prefix = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap'

/** A value of a search, read by the parameter's type. Times are milliseconds since 1970 UTC, high bounds are exclusive. */
export type Value =
  | { readonly kind: 'string'; readonly text: string }
  /** `system` undefined: any; null: none (`|code`). `code` undefined: any of the system (`system|`). */
  | { readonly kind: 'token'; readonly system?: string | null; readonly code?: string }
  /** `:of-type`: https://hl7.org/fhir/R4/search.html#token */
  | { readonly kind: 'of-type'; readonly system: string; readonly code: string; readonly value: string }
  | { readonly kind: 'date'; readonly prefix: Prefix; readonly low: number; readonly high: number }
  /** Bounds of the implicit precision: 5.4 is [5.35, 5.45). */
  | {
      readonly kind: 'number'
      readonly prefix: Prefix
      readonly value: number
      readonly low: number
      readonly high: number
    }
  | {
      readonly kind: 'quantity'
      readonly prefix: Prefix
      readonly value: number
      readonly low: number
      readonly high: number
      /** As of a token; `unit` alone (`5||mg`) matches code or unit. */
      readonly system?: string
      readonly unit?: string
    }
  /** Relative to this server (type may be unknown), or a URL somewhere else. */
  | { readonly kind: 'reference'; readonly type?: string; readonly id: string; readonly version?: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'composite'; readonly parts: readonly Value[] }
  | { readonly kind: 'missing'; readonly missing: boolean }
  /** `:in`, `:not-in`, `:above`, `:below` over loaded terminology, expanded by the caller's `Terminology` (tokens are alternatives). */
  | { readonly kind: 'tokens'; readonly tokens: readonly { readonly system: string; readonly code: string }[] }
  /** `near`: https://hl7.org/fhir/R4/location.html#positional */
  | { readonly kind: 'near'; readonly latitude: number; readonly longitude: number; readonly kilometres: number }

export type Modifier =
  | 'exact'
  | 'contains'
  | 'missing'
  | 'not'
  | 'identifier'
  | 'of-type'
  | 'text'
  | 'in'
  | 'not-in'
  | 'above'
  | 'below'

export type Condition =
  /** Any of `values` (OR). */
  | {
      readonly kind: 'parameter'
      readonly parameter: SearchParameter
      readonly modifier?: Modifier
      /** Of a reference: `subject:Patient=1`. */
      readonly onlyTarget?: string
      readonly values: readonly Value[]
    }
  /** `subject:Patient.name=x`: some resource of `targets` that `parameter` refers to meets `condition` (one per target type that knows it). */
  | {
      readonly kind: 'chain'
      readonly parameter: SearchParameter
      readonly targets: readonly { readonly type: string; readonly condition: Condition }[]
    }
  /** `_has:Observation:patient:code=x`: some resource of `type` refers here by `parameter` and meets `condition`. */
  | {
      readonly kind: 'has'
      readonly type: string
      readonly parameter: SearchParameter
      readonly condition: Condition
    }
  /** `_id`, `_list` and the compartment of a path are conditions too. */
  | { readonly kind: 'id'; readonly ids: readonly string[]; readonly not?: boolean }
  | {
      readonly kind: 'compartment'
      readonly type: string
      readonly id: string
      readonly parameters: readonly SearchParameter[]
    }
  /** Members of a List or Group that this principal may read. */
  | { readonly kind: 'list'; readonly id: string }

export interface SortKey {
  readonly parameter: SearchParameter
  readonly descending: boolean
}

export interface Include {
  readonly reverse: boolean
  /** The type that holds the reference. */
  readonly type: string
  /** Undefined: every reference parameter (`*`). */
  readonly parameter?: SearchParameter
  readonly onlyTarget?: string
  readonly iterate: boolean
}

export interface Query {
  /** One type; several with `_type` or a search across types. */
  readonly types: readonly string[]
  /** AND; each is parsed for each type: conditions of `types[i]` are `conditions.get(types[i])`. */
  readonly conditions: ReadonlyMap<string, readonly Condition[]>
  readonly sort: readonly SortKey[]
  readonly count: number
  readonly total: 'none' | 'estimate' | 'accurate'
  readonly includes: readonly Include[]
  readonly summary: 'false' | 'true' | 'text' | 'data' | 'count'
  readonly elements: readonly string[]
  /** What the self link says: the parameters that were understood, in order, as given. */
  readonly used: readonly (readonly [name: string, value: string])[]
  /** Parameters left out under `Prefer: handling=lenient`, each with the sentence that says why. */
  readonly ignored: readonly { readonly name: string; readonly sentence: string }[]
}
