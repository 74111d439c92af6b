import { Problem } from '#lib'
import type { Terminology } from '../../terminology/terminology.ts'
import type { Modifier, SearchParameter, SearchType } from '../query.ts'

/** What `:in`, `:not-in`, `:above` and `:below` ask. */
export type SearchTerminology = Pick<Terminology, 'expand' | 'below' | 'above'>

/** What reading a parameter needs to know besides its text. */
export interface Reading {
  /** The parameter as the client wrote it, whole: faults name it. */
  readonly asked: string
  /** IANA zone of dates that name none. */
  readonly zone: string
  /** FHIR base URLs of this server: references under them are ours. */
  readonly bases: readonly string[]
  readonly terminology?: SearchTerminology
  /** Counts branches of chains and throws when there are too many. */
  readonly spend: () => void
  /** Which chains each type knows, as far as it was asked. */
  readonly known: Map<string, boolean>
}

/** Where a value stands: the parameter, or the part of a composite, that says how it is read. */
export interface Place extends Pick<SearchParameter, 'codes' | 'codeSystem'> {
  readonly type: SearchType
  readonly code: string
  readonly base: string
  readonly targets: readonly string[]
  readonly components: SearchParameter['components']
  readonly modifier?: Modifier
  readonly onlyTarget?: string
  /** The parameter, as it is named at this step of a chain. */
  readonly name: string
  /** The whole of what the client wrote. */
  readonly asked: string
}

export function refuse(place: Place, why: string, issue?: string): never {
  throw new Problem('incorrect', `Cannot search ${place.base} by "${place.name}": ${why}`, {
    expression: place.asked,
    ...(issue && { issue }),
  })
}
