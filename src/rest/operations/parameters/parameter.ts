/** What an operation takes, as data. https://hl7.org/fhir/R4/operationdefinition.html */
import type { DateRange } from '#fhir'

export interface Parameter {
  readonly type: keyof Values
  readonly min: 0 | 1
  readonly max: 1 | '*'
  readonly documentation: string
  /** What it is made of, where it is no value. */
  readonly part?: ParameterTable
}

export type ParameterTable = Readonly<Record<string, Parameter>>

export interface OutParameter {
  readonly type: string
  readonly min: 0 | 1
  readonly max: 1 | '*'
  readonly documentation: string
}

/** Of a parameter that is an object: as it was posted, and read. */
export interface Structured {
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: its structure was checked, its type is that of the parameter
  readonly value: any
}

/** A parameter as it was given: text of a URL or of a primitive, else an object. */
export interface Entry {
  readonly name: string
  readonly given: string | Structured
}

/** A date as it was given, and the time that it covers in the practice's zone. */
export interface Moment extends DateRange {
  readonly text: string
}

/** The value of a parameter by its FHIR type. */
export interface Values {
  readonly string: string
  readonly code: string
  readonly id: string
  readonly uri: string
  readonly canonical: string
  readonly boolean: boolean
  readonly integer: number
  readonly positiveInt: number
  readonly date: Moment
  readonly dateTime: Moment
  readonly instant: Moment
  readonly Coding: Structured
  readonly CodeableConcept: Structured
  readonly Identifier: Structured
  readonly Meta: Structured
  readonly Reference: Structured
  readonly Resource: Structured
  readonly Patient: Structured
  readonly ValueSet: Structured
  readonly CodeSystem: Structured
}

/** Values by name: a list where it may be repeated, undefined where it may be missing. */
export type Given<Table extends ParameterTable> = { readonly [Name in keyof Table]: GivenValue<Table[Name]> }

type GivenValue<One extends Parameter> = One['max'] extends '*'
  ? readonly Values[One['type']][]
  : One['min'] extends 1
    ? Values[One['type']]
    : Values[One['type']] | undefined
