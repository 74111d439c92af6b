import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { Principal } from '#access'
import type { OperationOutcome } from '#fhir'
import type { Parameters } from './parameters.ts'
import type { Practice } from './practice.ts'

/** Who a token is; rejects with Problem 'unauthenticated'. Called once a request, with no token too. */
export type Authenticate = (practice: Practice, token: string | undefined, requestId: string) => Promise<Principal>

export type JsonFormat = 'application/fhir+json' | 'application/json'

/** A request to the FHIR API as a route sees it. */
export interface Call {
  readonly practice: Practice
  /** The FHIR base that was called, without a final slash; links of the answer begin with it. */
  readonly base: string
  /** The address that was called, with its query. */
  readonly address: string
  /**
   * On its way while the route runs: a read hands it on, so that token and row are looked up in one statement. No answer
   * leaves before it has come (`serve-routes.ts`). Of an open route it rejects.
   */
  readonly principal: Promise<Principal>
  readonly requestId: string
  readonly method: string
  /** The parts of the path that the route names with a colon. */
  readonly path: Readonly<Record<string, string>>
  /** Of the query string, and of the body when it is a form. */
  readonly parameters: Parameters
  readonly headers: IncomingHttpHeaders
  /** The text of a body that is JSON. */
  readonly body: string | undefined
  /** The bytes of a body of another type, where the route takes them. */
  readonly content?: Buffer | undefined
  /** `_pretty=true` */
  readonly isPretty: boolean
  /** What is told of a failure within the answer, of an entry of a Bundle; it is reported as any other. */
  readonly refused: (error: unknown) => Refused
}

export interface Refused {
  readonly status: number
  readonly body: OperationOutcome
}

/** What a route answers; the server adds format, validators (304) and compression. */
export interface Answer {
  readonly status?: number
  /** JSON text; undefined: none is sent. */
  readonly body?: string
  /** Of a body that is none of FHIR's, or of the one format that it has; else the format that the client accepts. */
  readonly type?: string
  /** A file, in place of JSON. */
  readonly content?: { readonly type: string; readonly bytes: Buffer }
  /** A file that is not read into memory. */
  readonly flow?: Flow
  /** Nobody stores the answer, not even who asked. */
  readonly isFleeting?: boolean
  /** versionId, or any opaque text that changes with the body. */
  readonly version?: string
  /** Microseconds since 1970. */
  readonly updated?: number
  readonly headers?: Readonly<Record<string, string>>
}

export interface Flow {
  readonly type: string
  /** Of what `open` gives, in bytes. */
  readonly length: number
  /** Not called when only the fields are asked for (HEAD). */
  open(): Promise<Readable>
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Route {
  readonly method: Method
  /** Below the FHIR base, such as `/:type/:id`. */
  readonly path: string
  /** Then the path is below the practice's root, and the standard base counts as the one that was called. */
  readonly isBelowRoot?: boolean
  /** Whether a practice has it; undefined: all do. */
  readonly isAt?: (practice: Practice) => boolean
  /** For log and metrics: `read`, `search-type`, `capabilities` … */
  readonly interaction: string
  /** Answers without a token (security.md 1.2; the fixture test names them all). */
  readonly isOpen?: boolean
  /** Whether this call does: its address holds what stands for a token. */
  readonly isOpenFor?: (parameters: Parameters) => boolean
  /** GET starts or spends something, so that HEAD is refused: nobody would have the answer. */
  readonly isSpending?: boolean
  /** A body may be of any type. */
  readonly takesContent?: boolean
  /** The answer may be a file, so that the client may accept what is no format of FHIR. */
  readonly servesContent?: boolean
  readonly answer: (call: Call) => Promise<Answer> | Answer
}
