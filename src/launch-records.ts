/** What choosing a patient or visit at sign-in shows of a practice's records: the same rows that the person may search. */
import { operator, type Principal, type See, seeAll, seeAs } from '#access'
import { parseSearch } from '#fhir'
import type { Practice } from '#http'
import type { PracticeRecord } from '#platform'
import type { EncounterCard, PatientFacts, PatientQuery } from '#smart'
import type { Store } from '#store'
import { rulesFor } from './practice-rules.ts'

interface Parts {
  readonly recordOf: (practice: Practice) => PracticeRecord
  readonly storeOf: (practice: PracticeRecord) => Store
}

const mostShown = 20

/** Who looks. */
type Reader = Pick<Principal, 'user' | 'role' | 'patients'>

export function launchRecords({ recordOf, storeOf }: Parts) {
  async function search(
    practice: Practice,
    see: See,
    type: string,
    parameters: readonly (readonly [string, string])[],
  ) {
    const query = parseSearch({
      ...{ types: [type], parameters, handling: 'strict', zone: practice.timeZone, bases: [] },
      ...{ defaultCount: mostShown, maximumCount: 100 },
    })
    const { matches, next } = await storeOf(recordOf(practice)).search(see, query)
    return { resources: matches.map(({ body }) => JSON.parse(body) as unknown), hasMore: next !== undefined }
  }
  /** With every right that the person has: what the app may see is asked when it comes. */
  async function seeOf(practice: Practice, { user, role, patients }: Reader): Promise<See> {
    const record = recordOf(practice)
    const who = { ...(user !== undefined && { user }), ...(role && { role }), patients, client: operator }
    const principal: Principal = { ...who, practice: practice.number, scopes: 'user/*.rs', requestId: 'launch' }
    return seeAs(principal, 'search', await rulesFor(record, principal, storeOf))
  }
  return {
    /** Nobody's rights are asked: the practice linked them. */
    async patientsOf(practice: Practice, ids: readonly string[]): Promise<PatientFacts[]> {
      if (ids.length === 0) return []
      const { resources } = await search(practice, seeAll, 'Patient', [
        ['_id', ids.join(',')],
        ['_count', String(Math.min(ids.length, 100))],
      ])
      return (resources as Patient[]).map(factsOf)
    },
    async findPatients(practice: Practice, reader: Reader, query: PatientQuery) {
      const { resources, hasMore } = await search(
        practice,
        await seeOf(practice, reader),
        'Patient',
        parametersOf(query),
      )
      return { found: (resources as Patient[]).map(factsOf), hasMore }
    },
    async patient(practice: Practice, reader: Reader, id: string): Promise<PatientFacts | undefined> {
      const { resources } = await search(practice, await seeOf(practice, reader), 'Patient', [['_id', id]])
      const [found] = resources as Patient[]
      return found && factsOf(found)
    },
    async isVisitOf(
      practice: Practice,
      reader: Reader,
      { encounter, patient }: { readonly encounter: string; readonly patient: string },
    ): Promise<boolean> {
      const { resources } = await search(practice, await seeOf(practice, reader), 'Encounter', [
        ['_id', encounter],
        ['patient', patient],
      ])
      return resources.length > 0
    },
    /** Newest first. */
    async encounters(practice: Practice, reader: Reader, patient: string): Promise<EncounterCard[]> {
      const { resources } = await search(practice, await seeOf(practice, reader), 'Encounter', [
        ['patient', patient],
        ['_sort', '-date'],
      ])
      return (resources as Encounter[]).map(visitOf)
    },
  }
}

/** Each word of the name is the beginning of some part of it. */
function parametersOf({ name, birthDate, recordNumber }: PatientQuery): (readonly [string, string])[] {
  const words = (name ?? '').split(/[\s,]+/).filter((word) => word !== '')
  return [
    ...words.slice(0, 5).map((word) => ['name', word.replace(/[\\$|]/g, '\\$&')] as const),
    ...(birthDate ? [['birthdate', birthDate] as const] : []),
    ...(recordNumber ? [['identifier', recordNumber.trim().replace(/[\\,$|]/g, '\\$&')] as const] : []),
    ['_sort', 'family'],
  ]
}

interface HumanName {
  readonly use?: string
  readonly text?: string
  readonly family?: string
  readonly given?: readonly string[]
  readonly prefix?: readonly string[]
  readonly suffix?: readonly string[]
}

interface Coded {
  readonly text?: string
  readonly coding?: readonly { readonly display?: string; readonly code?: string }[]
}

interface Patient {
  readonly id: string
  readonly name?: readonly HumanName[]
  readonly birthDate?: string
  readonly gender?: string
  readonly identifier?: readonly { readonly type?: Coded; readonly value?: string }[]
}

function factsOf({ id, name, birthDate, gender, identifier = [] }: Patient): PatientFacts {
  const own = identifier.find(({ type }) => type?.coding?.some(({ code }) => code === 'MR')) ?? identifier[0]
  return { id, name: nameOf(name) ?? id, birthDate, sex: gender, recordNumber: own?.value }
}

/** The official name, or the first that is not an old one. */
function nameOf(names: readonly HumanName[] = []): string | undefined {
  const chosen = names.find(({ use }) => use === 'official') ?? names.find(({ use }) => use !== 'old') ?? names[0]
  if (!chosen) return undefined
  const parts = [...(chosen.prefix ?? []), ...(chosen.given ?? []), chosen.family, ...(chosen.suffix ?? [])]
  const text = chosen.text ?? parts.filter((part) => part !== undefined).join(' ')
  return text === '' ? undefined : text
}

interface Encounter {
  readonly id: string
  readonly type?: readonly Coded[]
  readonly class?: { readonly display?: string; readonly code?: string }
  readonly period?: { readonly start?: string }
  readonly participant?: readonly { readonly individual?: { readonly display?: string } }[]
}

function visitOf({ id, type = [], class: kind, period, participant = [] }: Encounter): EncounterCard {
  const coding = type[0]?.coding?.[0]
  const start = new Date(period?.start ?? '')
  return {
    id,
    what: type[0]?.text ?? coding?.display ?? kind?.display ?? kind?.code ?? id,
    from: Number.isNaN(start.getTime()) ? undefined : start,
    with: participant.find(({ individual }) => individual?.display !== undefined)?.individual?.display,
  }
}
