import { Problem } from '#lib'
import type { Modifier, SearchParameter, SearchType } from '../query.ts'

export interface Token {
  readonly system: string
  readonly code: string
}

/** Loaded value sets and code systems; undefined means that the value set, system or code is not there. */
export interface Terminology {
  expand(valueSet: string): readonly Token[] | undefined
  /** The code and all that it subsumes. */
  below(system: string, code: string): readonly Token[] | undefined
  /** The code and all that subsume it. */
  above(system: string, code: string): readonly Token[] | undefined
}

/** What reading values and chains needs to know besides their text. */
export interface Reading {
  /** IANA zone of dates that name none. */
  readonly zone: string
  /** FHIR base URLs of this server: references under them are ours. */
  readonly bases: readonly string[]
  readonly terminology?: Terminology
  /** Counts branches of chains and throws when there are too many. */
  readonly spend: () => void
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
  /** The parameter as the client wrote it. */
  readonly name: string
}

export function refuse(place: Place, why: string, issue?: string): never {
  throw new Problem('incorrect', `Cannot search ${place.base} by "${place.name}": ${why}`, {
    expression: place.name,
    ...(issue && { issue }),
  })
}
