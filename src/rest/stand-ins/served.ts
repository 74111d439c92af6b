import { createSecretKey } from 'node:crypto'
import type { PracticeRules, Principal } from '#access'
import { dialects } from '#dialects'
import type { Query } from '#fhir'
import { buildServer, type Practice, Registry } from '#http'
import { Problem } from '#lib'
import type { Cursor, Found, Page, Row, Store } from '#store'
import { restRoutes } from '../index.ts'

/** For the tests of this module: the real server and routes over a store of two lines. */
export const clinic: Practice = {
  number: 1,
  id: 'clinic',
  name: 'Clinic',
  root: 'http://here/clinic',
  dialect: dialects.standard,
  timeZone: 'UTC',
  handling: 'strict',
  refuseWeakPatientSearch: false,
  revision: '1',
}

export const rules: PracticeRules = { visibility: 'practice', sensitive: [], writes: false, patientWrites: false }

export function row(type: string, id: string, more: object = {}): Row {
  const body = JSON.stringify({ resourceType: type, id, meta: { versionId: '2' }, ...more })
  return { type, id, version: 2, updated: Date.UTC(2026, 0, 2, 3, 4, 5, 678) * 1000, body }
}

interface StandIns {
  readonly practices?: readonly Practice[]
  readonly scopes?: string
  readonly read?: (type: string, id: string) => Found
  readonly search?: (query: Query, from: Cursor | undefined) => Partial<Page>
}

export const authorization = 'Bearer good'

export async function served({ practices = [clinic], scopes = 'system/*.rs', read, search }: StandIns = {}) {
  const operator: Omit<Principal, 'practice' | 'requestId'> = { client: 'operator', patients: [], scopes }
  const store = (practice: number): Store => ({
    practice,
    async read(see, type, id) {
      await see
      return read?.(type, id) ?? { state: 'none' }
    },
    search: async (_see, query, from) => {
      const nothing = { matches: [], included: [], withheld: [], truncated: false }
      return { ...nothing, ...search?.(query, from) }
    },
    lastOfEach: async () => [],
    labels: async () => ({}),
    everything: async () => ({ matches: [], included: [] }),
    write: async () => [],
    change: async () => [],
    readVersion: async () => ({ state: 'none' }),
    history: async () => ({ versions: [] }),
  })
  return buildServer({
    practices: { named: (id) => practices.find((practice) => practice.id === id), atHost: () => undefined },
    authenticate: async ({ number }, token, requestId) => {
      if (token === 'good') return { ...operator, practice: number, requestId }
      throw new Problem('unauthenticated', 'An access token is needed')
    },
    routes: restRoutes({
      storeOf: ({ number }) => store(number),
      rulesOf: () => rules,
      pagingKey: createSecretKey(Buffer.alloc(32, 1)),
      report: () => undefined,
    }),
    fhirPaths: [...new Set(practices.flatMap(({ dialect }) => dialect.fhirPaths))],
    checkReady: async () => undefined,
    registry: new Registry(),
    log: undefined,
  })
}
