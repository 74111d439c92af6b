/** The made-up people of the sandbox, whom its sign-in page lists with their passwords. */
import { seeAll } from '#access'
import { parseReference, parseSearch } from '#fhir'
import { addUser, installationNote, type NewUser, type PracticeRecord, setInstallationNote } from '#platform'
import type { Store } from '#store'
import type { Installation } from '../app.ts'

const note = 'sandbox-personas'
const password = 'open-sandbox'

/** Adds them once; a patient is chosen for having much to show. */
export async function ensurePersonas({ db, storeOf }: Installation, record: PracticeRecord): Promise<void> {
  if ((await installationNote(db, note)) === 'complete') return
  const store = storeOf(record)
  const people = [...(await staff(store)), ...(await patients(store)), ...(await guardian(store))]
  for (const person of people) {
    await addUser(db, record.number, person, { password, isPersona: true }).catch(ignoreTaken)
  }
  await setInstallationNote(db, note, 'complete')
}

/** A start that was stopped halfway goes on. */
function ignoreTaken(problem: { readonly kind?: string }) {
  if (problem.kind !== 'conflict') throw problem
}

async function staff(store: Store): Promise<NewUser[]> {
  const [one, other] = await found(store, 'Practitioner', [['_sort', '_id']])
  return [
    ...(one ? [{ ...staffOf(one), username: 'clinician', role: 'clinician' as const }] : []),
    ...(other ? [{ ...staffOf(other), username: 'administrator', role: 'administrator' as const }] : []),
  ]
}

function staffOf(practitioner: Resource) {
  return { name: nameOf(practitioner), fhirUser: `Practitioner/${practitioner.id}`, links: [] }
}

async function patients(store: Store): Promise<NewUser[]> {
  const adults = await found(store, 'Patient', [
    ['birthdate', `lt${yearsAgo(30)}`],
    ['deceased', 'false'],
    ['_has:MedicationRequest:patient:status', 'active'],
    ['_sort', '_id'],
  ])
  return adults.slice(0, 2).map((patient, i) => ({
    ...{ username: `patient${i + 1}`, name: nameOf(patient), role: 'patient', fhirUser: `Patient/${patient.id}` },
    links: [{ patient: patient.id, kind: 'self' }],
  }))
}

/** The mother of one child, who looks after another, too. */
async function guardian(store: Store): Promise<NewUser[]> {
  const mothers = await found(store, 'RelatedPerson', [
    ['relationship', 'MTH'],
    ['_sort', '_id'],
  ])
  const children = await found(store, 'Patient', [
    ['birthdate', `gt${yearsAgo(15)}`],
    ['deceased', 'false'],
    ['_sort', '_id'],
  ])
  for (const mother of mothers) {
    const parsed = parseReference(mother.patient?.reference ?? '')
    const own = children.find(({ id }) => parsed.kind === 'relative' && parsed.id === id)
    const other = children.find(({ id }) => own && id !== own.id)
    if (!own || !other) continue
    const links = [
      { patient: own.id, kind: 'parent', until: adulthood(own) } as const,
      { patient: other.id, kind: 'guardian', until: adulthood(other) } as const,
    ]
    const fhirUser = `RelatedPerson/${mother.id}`
    return [{ username: 'guardian', name: nameOf(mother), role: 'guardian', fhirUser, links }]
  }
  return []
}

interface Resource {
  readonly id: string
  readonly name?: readonly {
    readonly family?: string
    readonly given?: readonly string[]
    readonly prefix?: string[]
  }[]
  readonly birthDate?: string
  readonly patient?: { readonly reference?: string }
}

async function found(
  store: Store,
  type: string,
  parameters: readonly (readonly [string, string])[],
): Promise<Resource[]> {
  const query = parseSearch({
    ...{ types: [type], parameters, handling: 'strict', zone: 'UTC', bases: [], defaultCount: 100, maximumCount: 100 },
  })
  const { matches } = await store.search(seeAll, query)
  return matches.map(({ body }) => JSON.parse(body) as Resource)
}

function nameOf({ id, name = [] }: Resource): string {
  const { prefix = [], given = [], family = id } = name[0] ?? {}
  return [...prefix, given[0], family].filter((part) => part !== undefined).join(' ')
}

function yearsAgo(years: number): string {
  const now = new Date()
  return `${now.getUTCFullYear() - years}${now.toISOString().slice(4, 10)}`.replace('-02-29', '-03-01')
}

/** A birth date that is not whole has no day on which it ends. */
function adulthood({ birthDate = '' }: Resource): string | undefined {
  const [, year, rest] = /^(\d{4})(-\d\d-\d\d)$/.exec(birthDate) ?? []
  return year && `${Number(year) + 18}${rest === '-02-29' ? '-03-01' : rest}`
}
