/** The practices as requests ask for them: kept for at most five seconds, so that a change is seen everywhere by then. */
import type { Database } from '#db'
import { dialectOf, dialects } from '#dialects'
import type { Practice, Practices, WriteRules } from '#http'
import { kept } from '#lib'
import {
  fhirBases,
  findPractice,
  listPractices,
  type PracticeRecord,
  type PracticeSettings,
  practiceRoot,
} from '#platform'
import type { IndexScope } from '#store'

export interface Directory extends Practices {
  /** What is known of a practice that a request has entered. */
  recordOf(number: number): PracticeRecord
  /** What its store is bound to. */
  scopeOf(practice: PracticeRecord): IndexScope
  practiceOf(record: PracticeRecord): Practice
}

const freshMs = 4000

export function openDirectory(db: Database, baseUrl: string, now: () => number = Date.now): Directory {
  const byNumber = new Map<number, PracticeRecord>()
  const hosts = new Map<string, Practice>()
  let hostsAt = Number.NEGATIVE_INFINITY

  const named = kept<Practice | undefined>(
    async (name) => {
      const record = await findPractice(db, name)
      if (record) byNumber.set(record.number, record)
      return record && practiceFrom(record, baseUrl)
    },
    { milliseconds: 5000, freshMilliseconds: freshMs, now },
  )

  async function loadHosts() {
    const practices = await listPractices(db)
    hosts.clear()
    for (const record of practices) {
      if (record.settings.hostName === undefined) continue
      byNumber.set(record.number, record)
      hosts.set(record.settings.hostName, practiceFrom(record, baseUrl))
    }
  }

  return {
    named,
    atHost(host) {
      if (now() - hostsAt > freshMs) {
        hostsAt = now()
        void loadHosts().catch(() => {})
      }
      return hosts.get(host)
    },
    recordOf(number) {
      const record = byNumber.get(number)
      if (!record) throw new TypeError(`no request has entered practice ${number}`)
      return record
    },
    scopeOf: (record) => ({
      practice: record.number,
      bases: fhirBases(placeOf(record), dialectFor(record), baseUrl),
      zone: record.settings.timeZone,
    }),
    practiceOf: (record) => practiceFrom(record, baseUrl),
  }
}

function practiceFrom(record: PracticeRecord, baseUrl: string): Practice {
  const { settings, number, id, revision } = record
  return {
    ...{ number, id, revision },
    name: settings.name ?? id,
    root: practiceRoot(placeOf(record), baseUrl),
    dialect: dialectFor(record),
    timeZone: settings.timeZone,
    handling: settings.handling,
    refuseWeakPatientSearch: settings.refuseWeakPatientSearch,
    defaultCount: settings.defaultCount,
    maximumCount: settings.maximumCount,
    maximumBundleEntries: settings.maximumBundleEntries,
    ...(settings.types !== 'all' && { types: new Set(settings.types) }),
    ...(settings.writes && { writes: writeRulesOf(settings) }),
  }
}

function writeRulesOf({
  validation,
  references,
  updateCreates,
  deleteReferenced,
  provenance,
}: PracticeSettings): WriteRules {
  return { validation, references, updateCreates, deleteReferenced, provenance }
}

function placeOf({ id, settings: { path, hostName } }: PracticeRecord) {
  return { id, path, hostName }
}

function dialectFor({ settings }: PracticeRecord) {
  return dialectOf(settings.dialect) ?? dialects.standard
}
