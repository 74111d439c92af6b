/** An import that a client asked for, as it is kept. */
import type { Principal } from '#access'

/** A file that the server fetches: NDJSON of one resource type. */
export interface ImportInput {
  readonly type: string
  readonly url: string
}

export interface NewImport {
  readonly practice: number
  readonly client: string
  /** With its scopes of level system alone, so that nothing else is ever asked for it. */
  readonly principal: Principal
  /** The request's URL, and the base that was called. */
  readonly address: string
  readonly base: string
  readonly inputs: readonly ImportInput[]
}

export type ImportState = 'running' | 'done' | 'failed' | 'deleted'

export interface Import extends Omit<NewImport, 'inputs'> {
  readonly id: string
  readonly state: ImportState
  /** Why it failed. */
  readonly sentence?: string
  /** Milliseconds since 1970. */
  readonly created: number
  /** The clock that they are by, when this was read. */
  readonly asOf: number
  readonly poll: { readonly last?: number; readonly early: number }
  readonly ended?: number
  readonly expires?: number
}

export interface ImportFile extends ImportInput {
  /** From 1, in the order of the request. */
  readonly n: number
  /** It is loaded whole. */
  readonly isDone: boolean
  readonly loaded: number
  readonly failed: number
  readonly bytes: number
  /** Of its error file in the file store. */
  readonly errors?: string
}

/** The kind of its job; the topic is the import's id. */
export const importKind = 'import'

/** Where the files of an import lie in the file store. */
export function folderOf(practice: number, id: string): string {
  return `imports/${practice}/${id}`
}
