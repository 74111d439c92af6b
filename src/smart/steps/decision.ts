import type { Asked, Reply } from '#http'
import type { OAuthError } from '../oauth/oauth-problem.ts'
import type { Visit } from './visit.ts'

/** Something that a person has to do or decide before the app has its answer. */
export interface Decision {
  /** What an app is told that asked for an answer without pages (`prompt=none`). */
  readonly error: OAuthError
  readonly isOpen: (visit: Visit) => boolean | Promise<boolean>
  readonly page: (visit: KeptVisit) => Reply | Promise<Reply>
  /** What the forms of the page post as `step`. */
  readonly takes: Readonly<Record<string, (visit: KeptVisit, form: Asked['form']) => Promise<Reply>>>
}

/** A visit whose request is kept, so that a page can refer to it. */
export type KeptVisit = Visit & { readonly id: string }
