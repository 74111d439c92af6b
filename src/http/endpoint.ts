import type { IncomingHttpHeaders } from 'node:http'
import type { Problem } from '#lib'
import type { Parameters } from './parameters.ts'
import type { Practice } from './practice.ts'

/** An address of a practice outside its FHIR API: of the authorization server, or a page. */
export interface Endpoint {
  readonly method: 'GET' | 'POST'
  /** Such as `/auth/token`. */
  readonly path: string
  /** It stands below the practice's root, below each of its FHIR bases, or below the server's own root for all of them. */
  readonly below: 'root' | 'bases' | 'server'
  /** Below the server's root: the name of the practice that is meant. Rejects where that cannot be told. */
  readonly practiceOf?: (asked: Pick<Asked, 'form' | 'headers'>) => Promise<string>
  /** For log and metrics. */
  readonly name: string
  /** Whose pages may read the answer: any, or those of the app that `isFrom` names. */
  readonly readers: 'any' | 'of-client'
  /** GET spends or makes something, so that HEAD is refused: nobody would have the answer. */
  readonly isSpending?: boolean
  /** Whether a practice has it; undefined: all do. */
  readonly isAt?: (practice: Practice) => boolean
  readonly answer: (asked: Asked) => Promise<Reply> | Reply
  /** How a failure is told here; also of what fails before the practice is known. */
  readonly refused: (
    problem: Problem,
    at: Pick<Asked, 'requestId'> & { readonly practice: Practice | undefined },
  ) => Reply
}

/** A request to an endpoint. */
export interface Asked {
  readonly practice: Practice
  /** The FHIR base below which it was asked, or the practice's root. */
  readonly base: string
  readonly requestId: string
  /** Where it comes from, as far as the connection tells. */
  readonly address: string
  /** Of the query string. */
  readonly parameters: Parameters
  /** Of the body; no other body is read. */
  readonly form: Parameters
  readonly headers: IncomingHttpHeaders
  /** Notes whose request it is: for the log, and for the pages that may read the answer. */
  isFrom(client: string, origins: readonly string[]): void
}

export interface Reply {
  /** 200 unless given. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly type?: string
  readonly body?: string
}
