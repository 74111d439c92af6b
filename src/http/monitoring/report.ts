import type { FastifyRequest } from 'fastify'
import { logLine, type Problem } from '#lib'

/** A refusal or a fault, without values that a client sent: they may be patient data. */
export interface Refusal {
  readonly event: 'refusal' | 'fault'
  readonly request: string
  readonly practice: string | undefined
  readonly client: string | undefined
  readonly user: string | undefined
  readonly interaction: string
  readonly kind: string
  readonly issue: string | undefined
  /** Names of parameters or paths of elements. */
  readonly expression: readonly string[]
  /** Of what the operator has to mend: what was thrown, with its stack. */
  readonly stack?: string
}

/** What was deleted, by whom. */
export interface Deletion extends Pick<Refusal, 'request' | 'practice' | 'client' | 'user'> {
  readonly event: 'delete'
  readonly type: string
  readonly id: string
}

/** An export was begun, found again, deleted, or one of its files fetched. */
export interface ExportEvent extends Pick<Refusal, 'request' | 'practice' | 'client' | 'user'> {
  readonly event: 'export'
  readonly change: 'begun' | 'found' | 'deleted' | 'file-sent'
  readonly id: string
  readonly exportLevel: 'system' | 'patient' | 'group'
  /** Of a file: its name, and whether its address stood for a token. */
  readonly file?: string
  readonly isByTicket?: boolean
}

/** A token was given to an app, or taken back. */
export interface TokenEvent extends Pick<Refusal, 'request' | 'practice' | 'client' | 'user'> {
  readonly event: 'grant' | 'revocation'
  /** How it was asked for: `client_credentials` … */
  readonly grant?: string
  readonly scope: string
}

/** An app was launched for somebody whom an EHR has signed in. */
export interface Launching extends Pick<Refusal, 'practice' | 'client' | 'user'> {
  readonly event: 'launch'
  /** Undefined: it was done on a command line. */
  readonly request: string | undefined
  /** The client that made it, or the operator. */
  readonly maker: string
}

/** What an administrator did to an app. */
export interface AppChange extends Pick<Refusal, 'practice' | 'client'> {
  readonly event: 'app-change'
  readonly change: 'added' | 'permitted' | 'switched' | 'new-keys' | 'new-secret'
  /** Undefined: it was done on a command line. */
  readonly request: string | undefined
  /** Who did it: a user name, or the operator. */
  readonly user: string
  /** What it is now at the practice, or at the platform where no practice is named. */
  readonly state?: string
  readonly reason?: string | undefined
  readonly scope?: string
  /** Grants and tokens that ended with it. */
  readonly ended?: number
}

/** The files of the server's certificate have changed: it is served until then, or cannot be. */
export type CertificateEvent =
  | { readonly event: 'certificate'; readonly until: string }
  | { readonly event: 'certificate'; readonly failure: string }

/** An administrator switched a person off or on. */
export interface UserSwitch extends Pick<Refusal, 'practice'> {
  readonly event: 'user-switch'
  /** Who did it: a user name, or the operator. */
  readonly user: string
  readonly of: string
  readonly state: 'disabled' | 'enabled'
  /** Grants that ended with it. */
  readonly ended: number
}

/** An administrator gave somebody another password. */
export interface PasswordEvent extends Pick<Refusal, 'practice'> {
  readonly event: 'password'
  /** Who did it: a user name, or the operator. */
  readonly user: string
  readonly of: string
  /** Sign-ins that ended with it. */
  readonly ended: number
}

/** An administrator wrote records to files. */
export interface EhiExportEvent extends Pick<Refusal, 'practice'> {
  readonly event: 'ehi-export'
  readonly user: string
  /** Reference of the one whose record it is; undefined: all of the practice. */
  readonly patient: string | undefined
}

/** An administrator ended an export, an import or a job. */
export interface CancelEvent extends Pick<Refusal, 'practice'> {
  readonly event: 'cancel'
  readonly user: string
  readonly what: string
  readonly id: string
}

/** What became of an import that a client asked for. */
export interface ImportEvent extends Pick<Refusal, 'practice' | 'client' | 'user'> {
  readonly event: 'import'
  readonly change: 'begun' | 'deleted'
  readonly request: string
  readonly id: string
}

/** The one way on which such things leave for the log (and later for the audit and the developer's "why was I denied?"). */
export type Report = (
  event:
    | Refusal
    | Deletion
    | TokenEvent
    | ExportEvent
    | ImportEvent
    | EhiExportEvent
    | CancelEvent
    | AppChange
    | Launching
    | CertificateEvent
    | PasswordEvent
    | UserSwitch,
) => void

export function reportToLog(log: { write(line: string): void } | undefined): Report {
  return (event) => {
    log?.write(logLine(event, event.event === 'fault' || 'failure' in event ? 'error' : 'info'))
  }
}

export function refusalOf(request: FastifyRequest, problem: Problem): Refusal {
  const { trace } = request
  return {
    event: isOperators(problem) ? 'fault' : 'refusal',
    request: request.id,
    practice: trace.practice?.id,
    client: trace.principal?.client ?? trace.client,
    user: trace.principal?.user,
    interaction: trace.interaction,
    kind: problem.kind,
    issue: problem.issue,
    expression: problem.expression,
    ...(isOperators(problem) && { stack: stackOf(problem) }),
  }
}

/** Not the client's doing. */
function isOperators({ kind }: Problem): boolean {
  return kind === 'fault' || kind === 'unavailable'
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined
    ? (error.stack ?? error.message)
    : `${error.stack}\ncaused by ${stackOf(error.cause)}`
}
