import type { Answer, Call, Parameters } from '#http'
import type { Cursor } from '#store'
import type { RestOptions } from '../options.ts'
import type { Entry, Given, OutParameter, ParameterTable } from './parameters/parameter.ts'

/**
 * https://hl7.org/fhir/R4/operations.html: routes, reading of parameters, CapabilityStatement, OperationDefinition and docs
 * are made from the list of these.
 */
export interface Operation<Table extends ParameterTable = ParameterTable> {
  /** Without `$`. */
  readonly code: string
  /** Canonical of its OperationDefinition; the last part is its id at the practice. */
  readonly definition: string
  /** What it does and what it does not do here, in a few sentences. */
  readonly documentation: string
  readonly on: readonly Level[]
  /** For `type` and `instance`; `Resource` means every type. */
  readonly resources: readonly string[]
  /** Then it is offered by POST only. */
  readonly affectsState: boolean
  /** It is called by GET, too, and starts something, so that HEAD is refused. */
  readonly isKickOff?: boolean
  readonly parameters: Table
  /** Takes the search parameters of its type besides its own: they come in `call.asked`. */
  readonly isSearch?: boolean
  /** Answers pages: `call.start` says where one starts, and the parameters are those of the first page. */
  readonly isPaged?: boolean
  /** Reads its parameters itself, as the client prefers them read: they come in `call.entries`, and `given` is empty. */
  readonly readsEntries?: boolean
  /** Reads the body itself, which may be no FHIR: `call.entries` has what the URL says. */
  readonly readsBody?: boolean
  /** Another name under which the CapabilityStatement lists it, for clients that look for that. */
  readonly alsoListedAs?: string
  readonly out: Readonly<Record<string, OutParameter>>
  /** Requests below the base, for docs. */
  readonly examples: readonly string[]
  run(options: RestOptions, call: OperationCall, given: Given<Table>): Promise<Answer> | Answer
}

export type Level = 'system' | 'type' | 'instance'

export interface OperationCall extends Call {
  readonly level: Level
  /** The type and the id of the path. */
  readonly type?: string
  readonly id?: string
  /** What was asked for as text, of the URL and of a body, without the format; of a paging link that of the first page. */
  readonly asked: Parameters
  /** All that was given, in its order. */
  readonly entries: readonly Entry[]
  /** Of a paging link. */
  readonly start?: { readonly token: string; readonly cursor: Cursor }
}

/** Lets the compiler know the values in `run` by the table of parameters. */
export function operation<const Table extends ParameterTable>(made: Operation<Table>): Operation {
  return made
}

/** Whether it is offered for this type. */
export function isFor({ resources }: Pick<Operation, 'resources'>, type: string): boolean {
  return resources.includes(type) || resources.includes('Resource')
}
