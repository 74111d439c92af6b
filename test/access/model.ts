/**
 * Who may see what, worked out from specs/model.md parts 2 and 3 over JSON in memory. It imports nothing of `src/`: where
 * it and the server differ, one of the two is wrong.
 */
import { baseOf, type Resource, restricted, veryRestricted } from './records.ts'

export interface Example {
  readonly name: string
  readonly practice: string
  readonly scope: string
  /** `operator` unless given. */
  readonly client?: string
  readonly user?: string
  readonly role?: 'clinician' | 'administrator' | 'auditor' | 'patient' | 'guardian'
  readonly patients?: readonly string[]
  /** What the practice permits the client. */
  readonly permission?: {
    readonly isEnabled: boolean
    readonly scopes: string
    readonly types?: readonly string[]
    readonly groups?: readonly string[]
  }
  /** It asks for exports: at the practices of these, R is hidden from them. */
  readonly isExport?: boolean
}

export type Interaction = 'read' | 'search'

/** Practices at which staff see only patients with whom they have to do. */
export const assigning = ['south']

type Class = 'owned' | 'follows' | 'shared' | 'open' | 'kept' | 'audit'

/** Of the types that the fixture holds: the class, and of owned ones the element that names the patient. */
const ownership: Readonly<Record<string, readonly [Class, string?]>> = {
  AllergyIntolerance: ['owned', 'patient'],
  Appointment: ['owned', 'participant.actor'],
  AuditEvent: ['audit'],
  Basic: ['owned', 'subject'],
  Binary: ['follows'],
  CareTeam: ['owned', 'subject'],
  Communication: ['owned', 'subject'],
  Condition: ['owned', 'subject'],
  Coverage: ['owned', 'beneficiary'],
  Device: ['owned', 'patient'],
  DiagnosticReport: ['owned', 'subject'],
  DocumentReference: ['owned', 'subject'],
  Encounter: ['owned', 'subject'],
  Group: ['kept'],
  Immunization: ['owned', 'patient'],
  List: ['owned', 'subject'],
  Location: ['shared'],
  Medication: ['shared'],
  MedicationRequest: ['owned', 'subject'],
  MessageHeader: ['kept'],
  Observation: ['owned', 'subject'],
  Organization: ['shared'],
  Patient: ['owned', 'id'],
  Practitioner: ['shared'],
  PractitionerRole: ['shared'],
  Provenance: ['follows'],
  Questionnaire: ['open'],
  RelatedPerson: ['owned', 'patient'],
  Task: ['owned', 'for'],
  ValueSet: ['open'],
}

export const knownTypes = Object.keys(ownership)

interface Scope {
  readonly level: 'patient' | 'user' | 'system'
  readonly type: string
  readonly letters: string
  readonly constraint: URLSearchParams
}

function scopesOf(text: string): Scope[] {
  return [...text.matchAll(/(?<!\S)(patient|user|system)\/(\*|[A-Z]\w*)\.(read|\*|c?r?u?d?s?)(?:\?(\S*))?(?!\S)/g)].map(
    ([, level, type = '', letters = '', query = '']) => ({
      level: level as Scope['level'],
      type,
      letters: letters === 'read' ? 'rs' : letters === '*' ? 'cruds' : letters,
      constraint: new URLSearchParams(query),
    }),
  )
}

/** Patients whose rows count at this level; 'all': everybody's and nobody's. */
type Reach = 'all' | ReadonlySet<string>

export class Model {
  readonly #who: Example
  readonly #stored: ReadonlyMap<string, Resource>

  constructor(who: Example, stored: readonly Resource[]) {
    this.#who = who
    this.#stored = new Map(stored.map((resource) => [nameOf(resource), resource]))
  }

  /** Whether the type is open to the interaction at all; else 403. */
  allows(interaction: Interaction, type: string): boolean {
    if (this.#isShutOut()) return false
    return classOf(type) === 'open' || this.#grants(interaction, type).length > 0
  }

  /** `isPast`: it is an earlier version, or what was deleted. */
  sees(interaction: Interaction, resource: Resource, isPast = false): boolean {
    const { resourceType: type } = resource
    if (!this.allows(interaction, type)) return false
    if (classOf(type) === 'open') return true
    return this.#grants(interaction, type).some(({ scope, reach }) => {
      if (this.#isHidden(scope, resource) || !meets(resource, scope.constraint)) return false
      if (classOf(type) === 'follows')
        return this.#seesAll(interaction, scope, reach) || this.#belongsToSeen(interaction, resource, isPast)
      const { groups } = this.#who.permission ?? {}
      if (type === 'Group' && groups) return groups.includes(resource.id)
      if (reach === 'all' || classOf(type) === 'shared') return true
      const owner = this.ownerOf(resource)
      return owner === undefined ? type === 'Device' : reach.has(owner)
    })
  }

  /** Whether an export of everything holds it: what anybody may read goes out only where a scope names it, audit never. */
  exports(resource: Resource): boolean {
    const { resourceType: type } = resource
    if (classOf(type) === 'audit' || this.#isShutOut()) return false
    return classOf(type) === 'open' ? this.#grants('read', type).length > 0 : this.sees('read', resource)
  }

  /** Nobody's, and of use in anybody's record. */
  isShared({ resourceType }: Resource): boolean {
    return classOf(resourceType) === 'shared' || resourceType === 'Device'
  }

  ownerOf(resource: Resource): string | undefined {
    if (resource.resourceType === 'Patient') return resource.id
    const [, path] = ownership[resource.resourceType] ?? []
    const owners =
      path === undefined
        ? []
        : referencesAt(resource, path).map((text) => this.#local(text)?.match(/^Patient\/(.*)$/)?.[1])
    const named = owners.filter((owner) => owner !== undefined)
    return named.length === 1 ? named[0] : undefined
  }

  #isShutOut(): boolean {
    const { patients = [], scope, permission } = this.#who
    const isStranded = patients.length !== 1 && scopesOf(scope).some(({ level }) => level === 'patient')
    return isStranded || permission?.isEnabled === false
  }

  #grants(interaction: Interaction, type: string) {
    const scopes = scopesOf(this.#who.scope).filter((scope) => names(scope, interaction, type))
    return scopes.flatMap((scope) => {
      const reach = this.#reachOf(scope, interaction, type)
      const isOfNone = reach === undefined || (classOf(type) === 'kept' && reach !== 'all')
      return isOfNone || !this.#isOpenTo(scope, type) ? [] : [{ scope, reach }]
    })
  }

  #isOpenTo(scope: Scope, type: string): boolean {
    const { role } = this.#who
    if (classOf(type) === 'audit') return scope.level !== 'patient' && (role === 'auditor' || role === 'administrator')
    const isByGroup = scope.level === 'system' && this.#who.permission?.groups !== undefined
    return !isByGroup || type === 'Group' || classOf(type) === 'shared'
  }

  #reachOf({ level }: Scope, interaction: Interaction, type: string): Reach | undefined {
    const { client = 'operator', patients = [], role, user, permission, practice } = this.#who
    if (level === 'patient') return new Set(patients)
    if (level === 'system') {
      if (client === 'operator') return 'all'
      const isPermitted =
        permission &&
        (permission.types?.includes(type) ?? true) &&
        scopesOf(permission.scopes).some((scope) => names(scope, interaction, type))
      return isPermitted ? 'all' : undefined
    }
    if (role === 'patient' || role === 'guardian') return patients.length > 0 ? new Set(patients) : undefined
    if (user === undefined) return undefined
    return assigning.includes(practice) ? this.#assignedTo(user) : 'all'
  }

  #assignedTo(user: string): ReadonlySet<string> {
    const naming = [...this.#stored.values()].filter(
      (resource) =>
        ['Encounter', 'CareTeam'].includes(resource.resourceType) && JSON.stringify(resource).includes(`"${user}"`),
    )
    return new Set(naming.map((resource) => this.ownerOf(resource)).filter((owner) => owner !== undefined))
  }

  #seesAll(interaction: Interaction, { level }: Scope, reach: Reach): boolean {
    const isWide = ({ scope, level: of }: { scope: string; level: string }) =>
      scopesOf(scope).some(
        (each) =>
          each.level === of &&
          each.type === '*' &&
          each.constraint.size === 0 &&
          each.letters.includes(letterOf(interaction)),
      )
    const { permission, scope } = this.#who
    const isPermitted =
      level !== 'system' ||
      this.#who.client === undefined ||
      (permission && !permission.types && isWide({ scope: permission.scopes, level }))
    return reach === 'all' && isWide({ scope, level }) && Boolean(isPermitted) && this.#hiddenLabels(level).length === 0
  }

  /** A Provenance belongs to its targets; a Binary to its context and, as it is now, to the documents that name it now. */
  #belongsToSeen(interaction: Interaction, resource: Resource, isPast: boolean): boolean {
    if (this.#who.permission?.groups) return false
    const ownerNames =
      resource.resourceType === 'Provenance'
        ? referencesAt(resource, 'target')
        : [...referencesAt(resource, 'securityContext'), ...(isPast ? [] : this.#documentsNaming(resource))]
    return ownerNames.some((text) => {
      const target = this.#stored.get(this.#local(text) ?? '')
      return target !== undefined && classOf(target.resourceType) !== 'follows' && this.sees(interaction, target)
    })
  }

  #documentsNaming(binary: Resource): string[] {
    const documents = [...this.#stored.values()].filter(({ resourceType }) =>
      ['DocumentReference', 'DiagnosticReport', 'Media'].includes(resourceType),
    )
    return documents.filter((document) => JSON.stringify(document).includes(`Binary/${binary.id}"`)).map(nameOf)
  }

  #isHidden({ level }: Scope, resource: Resource): boolean {
    const { security = [] } = resource.meta as { security?: { system: string; code: string }[] }
    const owner = this.ownerOf(resource)
    // what is nobody's own is hidden when it would be of any of the patients at hand
    const owners = owner === undefined ? (this.#who.patients ?? []) : [owner]
    const hidden = (owners.length > 0 ? owners : [undefined]).flatMap((each) => this.#hiddenLabels(level, each))
    return security.some(({ system, code }) => hidden.includes(`${system}|${code}`))
  }

  /** The setting of the test's practices: R is hidden from provider apps and, from 12 years on, guardians; V from system apps. */
  #hiddenLabels(level: Scope['level'], owner?: string): readonly string[] {
    const { role, user } = this.#who
    if (this.#who.isExport) return [restricted, veryRestricted]
    if (level === 'system') return [veryRestricted]
    if (role === 'clinician' || role === 'auditor' || role === 'administrator') return [restricted]
    if (user === undefined) return [restricted, veryRestricted]
    if (user === `Patient/${owner}`) return []
    return owner === 'p2' || owner === 'p3' ? [] : [restricted]
  }

  /** `Type/id` of a reference to this practice, however it is spelt. */
  #local(text: string): string | undefined {
    const base = `${baseOf(this.#who.practice)}/`
    const relative = text.startsWith(base) ? text.slice(base.length) : text
    return /^([A-Z]\w+\/[A-Za-z0-9.-]+)(\/_history\/\w+)?$/.exec(relative)?.[1]
  }
}

function names({ type: named, letters }: Scope, interaction: Interaction, type: string): boolean {
  return letters.includes(letterOf(interaction)) && (named === type || (named === '*' && classOf(type) !== 'audit'))
}

const letterOf = (interaction: Interaction) => (interaction === 'read' ? 'r' : 's')

function classOf(type: string): Class {
  const [known] = ownership[type] ?? []
  if (!known) throw new TypeError(`The model does not know ${type}`)
  return known
}

export function nameOf({ resourceType, id }: { readonly resourceType: string; readonly id: string }): string {
  return `${resourceType}/${id}`
}

function referencesAt(resource: Resource, path: string): string[] {
  let values: unknown[] = [resource]
  for (const step of path.split('.')) values = values.flatMap((value) => (value as Record<string, unknown>)[step] ?? [])
  return values.map((value) => (value as { reference?: string }).reference ?? '')
}

/** `category` and `code` of an Observation, as `system|code` or code. */
function meets(resource: Resource, constraint: URLSearchParams): boolean {
  return [...constraint].every(([name, wanted]) => {
    const concepts = [resource[name] ?? []].flat() as { coding?: { system: string; code: string }[] }[]
    return concepts.some(({ coding = [] }) =>
      coding.some(({ system, code }) => wanted === code || wanted === `${system}|${code}`),
    )
  })
}
