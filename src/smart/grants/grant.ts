import type { Level } from '#access'
import type { Asked } from '#http'
import type { AppType } from '#platform'
import type { Client } from '../clients/authenticate-client.ts'
import type { FlowParts } from '../flow-parts.ts'
import type { Form } from '../oauth/form.ts'

/** One way to a token; the token endpoint, discovery and registration follow from the list of them. */
export interface Grant {
  /** Its grant_type. */
  readonly type: string
  /** The types of apps that may use it. */
  readonly apps: readonly AppType[]
  /** Levels of the scopes that it gives, and the scopes that are about no resource. */
  readonly levels: readonly Level[]
  readonly otherScopes: readonly string[]
  /** SMART capabilities that it brings. */
  readonly capabilities: readonly string[]
  /** It stores that an assertion was used in the statement that stores the token; otherwise that is done before it runs. */
  readonly spendsAssertion?: boolean
  /** Whose request it is that does not say so. */
  readonly clientOf?: (parts: FlowParts, asked: Asked, form: Form) => Promise<string | undefined>
  readonly run: (parts: FlowParts, request: GrantRequest) => Promise<Granted>
}

export interface GrantRequest {
  readonly asked: Asked
  readonly form: Form
  /** Its app is open here, at least for patients. */
  readonly client: Client
}

export interface Granted {
  readonly token: string
  readonly scope: string
  readonly seconds: number
  readonly user?: string
  /** Further members of the answer. */
  readonly members?: Readonly<Record<string, unknown>>
}
