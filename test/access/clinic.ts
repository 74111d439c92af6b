/** The whole server with the practices of the leak suite, and the principals of `examples.ts` holding tokens. */
import type { FastifyInstance } from 'fastify'
import { dialects } from '#dialects'
import { buildServer, Registry } from '#http'
import { installationKey, type PracticeRecord } from '#platform'
import { restRoutes } from '#rest'
import { authenticate, type Grant } from '#smart'
import { rulesFor } from '../../src/practice-rules.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { examples } from './examples.ts'
import { assigning, type Example, Model } from './model.ts'
import { baseOf, type Resource, recordsOf, restricted, veryRestricted } from './records.ts'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

export interface Clinic extends AsyncDisposable {
  readonly app: TestApp
  practice(id: string): PracticeRecord
  stored(id: string): readonly Resource[]
  tokenOf(example: Example): Promise<string>
  modelOf(example: Example): Model
  /** A practice that holds nothing but what the example may find, and a token that sees all of it. */
  mirrorOf(example: Example): Promise<{ readonly id: string; readonly token: string }>
  /** `path` is below the practice's base, or a link as an answer gave it. */
  get(
    practice: string,
    path: string,
    token: string | undefined,
    headers?: Readonly<Record<string, string>>,
    method?: 'GET' | 'HEAD',
  ): Promise<Reply>
  post(practice: string, path: string, token: string, form: string): Promise<Reply>
}

const settings = { sensitive: `${restricted}=guardians-of-minors@12,provider-apps; ${veryRestricted}=system-apps` }

/** `before`: what the records were earlier. */
type Earlier = (records: readonly Resource[]) => readonly Resource[]

export async function openClinic({ before }: { readonly before?: Earlier } = {}): Promise<Clinic> {
  const app = await testApp()
  try {
    return await clinicOf(app, before)
  } catch (error) {
    // an open database would keep the process from ending
    await app[Symbol.asyncDispose]()
    throw error
  }
}

async function clinicOf(app: TestApp, before?: Earlier): Promise<Clinic> {
  const practices = new Map<string, PracticeRecord>()
  const stored = new Map<string, readonly Resource[]>()
  const tokens = new Map<Example, Promise<string>>()
  const mirrors = new Map<Example, Promise<{ id: string; token: string }>>()

  async function open(id: string, records: readonly Resource[], given: Readonly<Record<string, string>>) {
    const practice = await app.addPractice(id, given)
    practices.set(id, practice)
    stored.set(id, records)
    if (before) await app.load(practice, before(records))
    await app.load(practice, records)
    return practice
  }

  const practice = (id: string) => practices.get(id) as PracticeRecord
  for (const id of ['north', 'south']) {
    await open(id, recordsOf(id), { ...settings, ...(assigning.includes(id) && { visibility: 'assigned' }) })
  }
  const server = await serverWithPermissions(app)

  async function makeMirror(example: Example) {
    const id = `mirror-${mirrors.size}`
    const model = new Model(example, stored.get(example.practice) ?? [])
    const seen = stored.get(example.practice)?.filter((resource) => model.sees('search', resource)) ?? []
    // the same references, so those in full must be under this practice's base
    const text = JSON.stringify(seen).replaceAll(baseOf(example.practice), baseOf(id))
    const mirror = await open(id, JSON.parse(text) as Resource[], {})
    const token = await app.token(mirror, { scope: 'system/*.rs system/AuditEvent.rs', role: 'administrator' })
    return { id, token }
  }

  async function call(
    method: 'GET' | 'HEAD' | 'POST',
    id: string,
    path: string,
    token: string | undefined,
    more: object,
  ): Promise<Reply> {
    const url = path.startsWith('http') ? path.replace('http://localhost:8080', '') : `/${id}/fhir/r4/${path}`
    const { headers = {}, payload } = more as { headers?: object; payload?: string }
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const answer = await server.inject({
      method,
      url,
      headers: { ...authorization, ...headers },
      ...(payload !== undefined && { payload }),
    })
    return { status: answer.statusCode, headers: answer.headers, text: answer.body }
  }

  return {
    app,
    practice,
    stored: (id) => stored.get(id) ?? [],
    tokenOf: (example) => remembered(tokens, example, () => app.token(practice(example.practice), grantOf(example))),
    modelOf: (example) => new Model(example, stored.get(example.practice) ?? []),
    mirrorOf: (example) => remembered(mirrors, example, () => makeMirror(example)),
    get: (id, path, token, headers = {}, method = 'GET') => call(method, id, path, token, { headers }),
    post: (id, path, token, payload) =>
      call('POST', id, path, token, { headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload }),
    async [Symbol.asyncDispose]() {
      await server.close()
      await app[Symbol.asyncDispose]()
    },
  }
}

function remembered<T>(known: Map<Example, Promise<T>>, example: Example, make: () => Promise<T>): Promise<T> {
  const held = known.get(example) ?? make()
  known.set(example, held)
  return held
}

function grantOf({ scope, client, user, role, patients }: Example): Partial<Grant> {
  return {
    scope,
    ...(client && { client }),
    ...(user && { user }),
    ...(role && { role }),
    ...(patients && { patients }),
  }
}

/** As `app.ts` puts it together; the permissions, which no command can give yet, come from the examples. */
async function serverWithPermissions({ installation }: TestApp): Promise<FastifyInstance> {
  const { db, find, directory, storeOf } = installation
  const permissions = new Map(examples.map(({ client, permission }) => [client, permission]))
  const server = await buildServer({
    practices: directory,
    authenticate: (practice, token, requestId) => authenticate(find, practice.number, token, requestId),
    routes: restRoutes({
      storeOf: (practice) => storeOf(directory.recordOf(practice.number)),
      rulesOf: async (practice, who) => {
        const permission = permissions.get(who.client)
        return {
          ...(await rulesFor(directory.recordOf(practice.number), who, storeOf)),
          ...(permission && { permission }),
        }
      },
      pagingKey: await installationKey(db, 'paging'),
      report: () => undefined,
    }),
    fhirPaths: Object.values(dialects).flatMap(({ fhirPaths }) => fhirPaths),
    checkReady: async () => undefined,
    registry: new Registry(),
    log: undefined,
  })
  await server.ready()
  return server
}
