import type { Body, Reference } from './coding.ts'
import { profilesIn, type UsCore } from './us-core.ts'

/** A patient's resources as they are written: one line each, in an order in which nothing points forward. */
export interface Chart {
  readonly version: UsCore
  /** Writes a resource under the next id of its type and says how to refer to it. */
  add(type: string, profiles: readonly string[], body: Body): Reference
  /** The same under an id of the caller's choice. */
  put(type: string, id: string, profiles: readonly string[], body: Body): Reference
  /** What has been written since the last call: the targets of a Provenance. */
  unsigned(): readonly Reference[]
  /** Takes the lines written so far. */
  takeLines(): string[]
}

/** Short forms for ids, which a reader of a log will thank us for. */
const prefixes: Readonly<Record<string, string>> = {
  AllergyIntolerance: 'alg',
  CarePlan: 'plan',
  CareTeam: 'team',
  Condition: 'cond',
  Coverage: 'cov',
  Device: 'dev',
  DiagnosticReport: 'rep',
  DocumentReference: 'doc',
  Encounter: 'enc',
  FamilyMemberHistory: 'fam',
  Immunization: 'imm',
  MedicationDispense: 'disp',
  MedicationRequest: 'med',
  Observation: 'obs',
  Procedure: 'proc',
  Provenance: 'prov',
  QuestionnaireResponse: 'qr',
  RelatedPerson: 'rel',
  ServiceRequest: 'sr',
  Specimen: 'spec',
}

export function openChart(patientId: string, version: UsCore): Chart {
  const counts = new Map<string, number>()
  let lines: string[] = []
  let unsigned: Reference[] = []

  function put(type: string, id: string, profiles: readonly string[], body: Body): Reference {
    lines.push(resourceLine(version, type, id, profiles, body))
    const reference = { reference: `${type}/${id}` }
    if (type !== 'Provenance') unsigned.push(reference)
    return reference
  }

  return {
    version,
    put,
    add(type, profiles, body) {
      const count = (counts.get(type) ?? 0) + 1
      counts.set(type, count)
      return put(type, `${patientId}-${prefixes[type] ?? type.toLowerCase()}${count}`, profiles, body)
    },
    unsigned() {
      const targets = unsigned
      unsigned = []
      return targets
    },
    takeLines() {
      const taken = lines
      lines = []
      return taken
    },
  }
}

const metas = new Map<string, Body>()

function metaOf(version: UsCore, profiles: readonly string[]): Body {
  const key = `${version} ${profiles.join(' ')}`
  let meta = metas.get(key)
  if (!meta) {
    const canonicals = profilesIn(version, profiles)
    meta = canonicals.length > 0 ? { profile: canonicals } : {}
    metas.set(key, meta)
  }
  return meta
}

/** One resource as a line of NDJSON. A `meta` in the body is kept beside the profiles. */
export function resourceLine(
  version: UsCore,
  resourceType: string,
  id: string,
  profiles: readonly string[],
  body: Body,
) {
  const { meta: own, ...rest } = body
  const meta = { ...metaOf(version, profiles), ...(own as Body | undefined) }
  const head = Object.keys(meta).length > 0 ? { resourceType, id, meta } : { resourceType, id }
  return JSON.stringify({ ...head, ...rest })
}
