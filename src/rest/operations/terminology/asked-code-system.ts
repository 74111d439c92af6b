import { type CodeSystem, type StoredCodeSystem, storedTables, terminology, terminologyOf } from '#fhir'
import { Problem } from '#lib'
import { unknownCodeSystem } from './not-resolved.ts'
import { partsOf, type StoredDefinitions } from './stored-definitions-at.ts'

export interface AskedCodeSystem {
  readonly url: string
  readonly name: string
  readonly version: string | undefined
  readonly codes: CodeSystem
  /** Where it was posted or is stored; what is loaded holds codes, displays and their order alone. */
  readonly resource: StoredCodeSystem | undefined
}

/** The code system of this URL: stored at the practice, else loaded. */
export async function askedCodeSystem(
  canonical: string,
  version: string | undefined,
  stored: StoredDefinitions,
): Promise<AskedCodeSystem> {
  const { url, version: ofUrl } = partsOf(canonical)
  const wanted = version ?? ofUrl
  const [own] = await stored.byUrl('CodeSystem', [wanted === undefined ? url : `${url}|${wanted}`])
  if (own) return codeSystemOfResource(own)
  const codes = terminology().codeSystem(url)
  if (!codes) throw unknownCodeSystem(url)
  const [name = url, loaded] = terminology().codeSystemTitle(url) ?? []
  if (wanted !== undefined && loaded !== undefined && wanted !== loaded) {
    const sentence = `The code system ${url} is not known in version ${wanted}: it is loaded in ${loaded}`
    throw new Problem('not-found', sentence, { expression: 'version' })
  }
  return { url, name, version: loaded, codes, resource: undefined }
}

export function codeSystemOfResource(resource: StoredCodeSystem): AskedCodeSystem {
  const { url = '', name = url, version } = resource
  const codes = terminologyOf(storedTables([], [{ ...resource, url }])).codeSystem(url)
  if (!codes) throw unknownCodeSystem(url)
  return { url, name, version, codes, resource }
}
