import type { ClientKey } from './auth/client-key.ts'
import type { KickOff } from './kick-off.ts'
import type { Wait } from './web/patience.ts'

export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'backend'
      readonly client: string
      readonly key: ClientKey
      readonly scope: string | undefined
      /** Where the server does not say it. */
      readonly tokenUrl: URL | undefined
    }

export interface Download {
  readonly kickOff: KickOff
  readonly credentials: Credentials
  readonly folder: string
  /** Files at once. */
  readonly parallel: number
  /** Leaves the job on the server when all is done. */
  readonly isKept: boolean
  readonly ignoresCounts: boolean
  /** Where the token is sent besides the server's own origin. */
  readonly tokenOrigins: readonly string[]
}

export interface Progress {
  /** What the server says; undefined when its files are being loaded. */
  serverSays: string | undefined
  files: number
  filesLoaded: number
  /** That have come in this run. */
  bytes: number
}

export interface DownloadContext {
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  readonly tell: (line: string) => void
  readonly progress: (progress: Progress) => void
  readonly wait?: Wait
}

export interface Summary {
  readonly files: number
  readonly bytes: number
  /** Lines of each type of resource. */
  readonly byType: ReadonlyMap<string, number>
  /** Files that could not be loaded. */
  readonly missing: number
  /** What the server itself says that it could not export. */
  readonly failures: number
  /** What to give the next export as `_since`. */
  readonly transactionTime: string | undefined
}
