import { type PracticeRules, type Principal, seeAll } from '#access'
import type { PracticeRecord } from '#platform'
import type { Store } from '#store'

/** What the settings of a practice say about access of this principal. */
export function rulesFor(
  record: PracticeRecord,
  principal: Principal,
  storeOf: (practice: PracticeRecord) => Store,
): PracticeRules | Promise<PracticeRules> {
  const { sensitive } = record.settings
  const rules = plainRules(record)
  const needsAges = sensitive.some(({ hiddenFrom }) => hiddenFrom.includes('guardians-of-minors'))
  if (!needsAges || principal.patients.length === 0) return rules
  return agesOf(principal.patients, storeOf(record)).then((ages) => ({ ...rules, ages }))
}

const known = new WeakMap<PracticeRecord, PracticeRules>()

/** The same object for the same settings, so that `access` knows a decision again. */
function plainRules(record: PracticeRecord): PracticeRules {
  const { visibility, sensitive, writes, patientWrites } = record.settings
  const rules = known.get(record) ?? { visibility, sensitive, writes, patientWrites }
  known.set(record, rules)
  return rules
}

/** Years of the patients whose birth date is known; who is missing counts as of the age that hides. */
async function agesOf(patients: readonly string[], store: Store) {
  const ages = new Map<string, number>()
  for (const id of patients) {
    const found = await store.read(seeAll, 'Patient', id)
    const birth =
      found.state === 'current' ? (JSON.parse(found.row.body) as { birthDate?: string }).birthDate : undefined
    // a year or a month alone leaves open whether somebody is a minor still
    if (birth !== undefined && /^\d{4}-\d\d-\d\d$/.test(birth)) ages.set(id, yearsSince(birth, new Date()))
  }
  return ages
}

function yearsSince(birthDate: string, now: Date): number {
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number)
  const years = now.getUTCFullYear() - year
  const hadBirthday = now.getUTCMonth() + 1 > month || (now.getUTCMonth() + 1 === month && now.getUTCDate() >= day)
  return hadBirthday ? years : years - 1
}
