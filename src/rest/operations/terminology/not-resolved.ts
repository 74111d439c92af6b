import type { Missing } from '#fhir'
import { Problem } from '#lib'

/** Code systems of others, by the names that people know. */
const names: Readonly<Record<string, string>> = {
  'http://snomed.info/sct': 'SNOMED CT',
  'http://loinc.org': 'LOINC',
  'http://www.nlm.nih.gov/research/umls/rxnorm': 'RxNorm',
  'http://www.ama-assn.org/go/cpt': 'CPT',
  'http://hl7.org/fhir/sid/icd-10-cm': 'ICD-10-CM',
  'http://www.cms.gov/Medicare/Coding/ICD10': 'ICD-10-PCS',
  'http://hl7.org/fhir/sid/cvx': 'CVX',
  'http://nucc.org/provider-taxonomy': 'NUCC provider taxonomy',
  'http://unitsofmeasure.org': 'UCUM',
}

/** Their codes are made by a grammar: there is no end of them. */
const endless = new Set([
  'http://unitsofmeasure.org',
  'http://varnomen.hgvs.org/',
  'urn:ietf:bcp:13',
  'urn:ietf:bcp:47',
  'urn:ietf:rfc:3986',
])

const loaded =
  'Loaded are hl7.fhir.r4.core, hl7.fhir.us.core and what they refer to of hl7.terminology.r4; a CodeSystem or ValueSet ' +
  'with its codes that is stored at the practice is used, too'

/** 422: the question is understood, and what the answer needs is not here. */
export function notResolved(what: string, missing: readonly Missing[]): Problem {
  const never = missing.find(({ kind, url }) => kind === 'CodeSystem' && endless.has(url))
  if (never) {
    return new Problem('too-costly', `${what}: it holds all of ${named(never.url)}, whose codes have no end`)
  }
  const list = missing.map(sentenceOf).join('; ')
  return new Problem('invalid', `${what}: ${list}. ${loaded}`, { issue: 'not-supported' })
}

function sentenceOf(missing: Missing): string {
  switch (missing.kind) {
    case 'CodeSystem':
      return `the code system ${named(missing.url)} is not loaded`
    case 'ValueSet':
      return `the value set ${missing.url} is not loaded`
    case 'filter':
      return `the filter "${missing.filter}" on ${named(missing.url)} needs properties that are not loaded`
    case 'circle':
      return `the value set ${missing.url} includes itself`
  }
}

/** The code system that an operation needs, when it is not here. */
export function unknownCodeSystem(url: string): Problem {
  const sentence = `The code system ${named(url)} is not known. ${loaded}`
  return new Problem('not-found', sentence, { expression: 'system' })
}

export function named(url: string): string {
  const name = names[url]
  return name === undefined ? url : `${name} (${url})`
}
