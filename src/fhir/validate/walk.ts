/** Something in a resource that breaks FHIR's rules of structure. */
export interface Fault {
  /** FHIRPath, such as Observation.category[0].coding[1].code */
  readonly expression: string
  readonly sentence: string
  /** https://hl7.org/fhir/R4/valueset-issue-type.html */
  readonly issue: 'structure' | 'required' | 'value' | 'code-invalid'
}

const maximumFaults = 100

/**
 * Where a check stands in a resource, and what it found. The path is a stack that checks push to and pop from, and
 * becomes text only when something is wrong: nearly all resources are right, and their check must cost little.
 */
export class Walk {
  readonly faults: Fault[] = []
  private readonly path: (string | number)[] = []
  private depth = 0

  enter(step: string | number): void {
    this.path[this.depth++] = step
  }

  leave(): void {
    this.depth--
  }

  fault(issue: Fault['issue'], sentence: string): void {
    if (this.faults.length < maximumFaults) this.faults.push({ expression: this.expression(), sentence, issue })
  }

  private expression(): string {
    const [root = '', ...steps] = this.path.slice(0, this.depth)
    return steps.reduce<string>((text, step) => text + (typeof step === 'number' ? `[${step}]` : `.${step}`), `${root}`)
  }
}

/** Looks at a value and tells the walk what is wrong with it. */
export type Check = (value: unknown, walk: Walk) => void

/** A value in a sentence: short, on one line. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`
}
