import { ruleOf, type StoredValueSet, type Terminology, terminology, type ValueSetRule } from '#fhir'
import { Problem } from '#lib'
import type { OperationCall } from '../operation.ts'
import type { Structured } from '../parameters/parameter.ts'
import { partsOf, type StoredDefinitions } from './stored-definitions-at.ts'
import { terminologyWith } from './terminology-with.ts'

/** A value set that an operation is asked about. */
export interface AskedValueSet {
  /** What is told of it besides its codes. */
  readonly head: Readonly<Record<'url' | 'version' | 'name' | 'title', string | undefined>> & {
    readonly status: string
  }
  /** For sentences. */
  readonly called: string
  readonly rule: ValueSetRule
  readonly terminology: Terminology
}

interface Given {
  readonly url: string | undefined
  readonly valueSetVersion: string | undefined
  readonly valueSet: Structured | undefined
}

/** The one of the path, the one that was posted, or the one of this URL: stored at the practice, else loaded. */
export async function askedValueSet(
  { id }: OperationCall,
  { url, valueSetVersion, valueSet }: Given,
  stored: StoredDefinitions,
): Promise<AskedValueSet> {
  if ([id, url, valueSet].filter((way) => way !== undefined).length !== 1) {
    throw new Problem(
      'incorrect',
      'Cannot tell which value set is meant: give one of url, valueSet, and an id in the path',
      {
        expression: ['url', 'valueSet'],
      },
    )
  }
  if (id !== undefined) return ofResource(await stored.byId('ValueSet', id), stored)
  if (valueSet) return ofResource(valueSet.value, stored)
  const parts = partsOf(url ?? '')
  const version = valueSetVersion ?? parts.version
  return ofUrl(parts.url, version, stored)
}

async function ofUrl(url: string, version: string | undefined, stored: StoredDefinitions): Promise<AskedValueSet> {
  const canonical = version === undefined ? url : `${url}|${version}`
  const [own] = await stored.byUrl('ValueSet', [canonical])
  if (own) return ofResource(own, stored)
  const rule = terminology().rule(canonical)
  const [name, ...versions] = terminology().valueSetTitle(canonical) ?? []
  if (!rule) {
    const sentence = `The value set ${url} is not known: it is neither loaded (hl7.fhir.r4.core, hl7.fhir.us.core) nor stored at this practice`
    throw new Problem('not-found', sentence, { expression: 'url' })
  }
  if (version !== undefined && versions.length > 0 && !versions.includes(version)) {
    const sentence = `The value set ${url} is not known in version ${version}: it is loaded in ${versions.join(', ')}`
    throw new Problem('not-found', sentence, { expression: 'valueSetVersion' })
  }
  const head = { url, version: version ?? versions.at(-1), name, title: undefined, status: 'active' }
  return { head, called: url, rule, terminology: await terminologyWith(rule, stored) }
}

async function ofResource(valueSet: StoredValueSet, stored: StoredDefinitions): Promise<AskedValueSet> {
  const rule = ruleOf(valueSet)
  const { url, version, name, title, status } = valueSet
  const head = { url, version, name, title, status }
  return { head, called: url ?? 'given', rule, terminology: await terminologyWith(rule, stored) }
}
