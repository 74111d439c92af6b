import { packageFiles } from './package-files.ts'

/** A search parameter as HL7 publishes it. */
export interface Definition {
  readonly url: string
  readonly code: string
  readonly type: string
  readonly base: readonly string[]
  readonly expression?: string
  readonly target?: readonly string[]
  readonly component?: readonly { readonly definition: string; readonly expression: string }[]
}

interface Compartment {
  readonly code: string
  readonly resource: readonly { readonly code: string; readonly param?: readonly string[] }[]
}

let known: Definition[] | undefined

function all(): readonly Definition[] {
  known ??= (packageFiles('SearchParameter-') as Definition[]).filter(({ base }) => Array.isArray(base))
  return known
}

const found = new Map<string, Definition | undefined>()

export function definitionOf(type: string, code: string): Definition | undefined {
  const name = `${type} ${code}`
  if (!found.has(name))
    found.set(
      name,
      all().find((each) => each.code === code && isFor(each, type)),
    )
  return found.get(name)
}

export function definitionAt(url: string): Definition | undefined {
  return all().find((each) => each.url === url)
}

export function codesOf(type: string): string[] {
  return [
    ...new Set(
      all()
        .filter((each) => isFor(each, type))
        .map(({ code }) => code),
    ),
  ]
}

function isFor({ base, url }: Definition, type: string) {
  return (
    !url.includes('example') && base.some((each) => each === type || each === 'Resource' || each === 'DomainResource')
  )
}

let compartments: Compartment[] | undefined

/** Parameters that lead from a type into a compartment; undefined when the type is not part of it. */
export function compartmentCodes(compartment: string, type: string): readonly string[] | undefined {
  compartments ??= packageFiles('CompartmentDefinition-') as Compartment[]
  return compartments.find(({ code }) => code === compartment)?.resource.find(({ code }) => code === type)?.param
}
