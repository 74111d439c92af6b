/** Puts the modules together: the only file that sees them all. Server, worker and every command start here. */
import type { FastifyInstance } from 'fastify'
import {
  exportJob,
  exportOperations,
  exportRoutes,
  importJob,
  importOperation,
  importRoutes,
  removalJob,
  removeExpiredImports,
  removeOldExports,
} from '#bulk'
import { baseUrlOf, type Settings } from '#config'
import {
  type Database,
  type EmbeddedServer,
  type Find,
  migrate,
  type OnStatement,
  openDatabase,
  openLookups,
  startEmbedded,
} from '#db'
import { dialects } from '#dialects'
import { resourceTypes } from '#fhir'
import { buildServer, type CertificateFiles, Registry, type Report, reportToLog } from '#http'
import { type Job, queueSweep, startWorker, sweepJob, type Worker } from '#jobs'
import { newPace, openSeals, type Pace, Problem, type Seals, type SecretKey } from '#lib'
import {
  type AppDirectory,
  installationKey,
  listPractices,
  openAppDirectory,
  type PracticeRecord,
  practiceNumbered,
  secretKeysIn,
} from '#platform'
import { restRoutes } from '#rest'
import { registeredClient, sampleApp } from '#sample-app'
import {
  authenticate,
  authorizationServer,
  removeExpiredGrants,
  removeExpiredSessions,
  removeExpiredTokens,
  removeOldFailures,
  removeSpentAssertions,
  type SmartParts,
} from '#smart'
import { openStores, queueReindex, reindexJob, type Store } from '#store'
import { type Directory, openDirectory } from './directory.ts'
import { exportFaceOf } from './export-face.ts'
import { exportPartsOf } from './export-parts.ts'
import { importOptionsOf } from './import-options.ts'
import { launchRecords } from './launch-records.ts'
import { type Files, filesOf } from './open-files.ts'

/** An installation that is open: its database, its practices and their resources. */
export interface Installation {
  readonly settings: Settings
  readonly baseUrl: string
  readonly db: Database
  readonly find: Find
  readonly directory: Directory
  readonly apps: AppDirectory
  /** How private keys are stored. */
  readonly seals: Seals
  /** Where files of exports and imports lie. */
  readonly files: Files
  /** How much this process serves. */
  readonly pace: Pace
  storeOf(practice: PracticeRecord): Store
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Opens the database (the embedded one unless DATABASE_URL names another) and brings its schema up to date. */
export async function openInstallation(settings: Settings, onStatement?: OnStatement): Promise<Installation> {
  const embedded = settings.databaseUrl === undefined ? await startEmbedded(settings.dataDir) : undefined
  const db = openDatabase({
    ...placeOf(settings, embedded),
    connections: settings.databaseConnections,
    statementSeconds: settings.statementSeconds,
    ...(onStatement && { onStatement }),
  })
  const files = filesOf(settings, db)
  async function close() {
    await files.close()
    await db.close()
    await embedded?.leave()
  }
  let seals: Seals
  try {
    seals = openSeals(secretKeysOf(settings))
    await migrate(db)
  } catch (error) {
    await close()
    throw settings.databaseUrl === undefined ? error : namedDatabase(error, settings.databaseUrl)
  }
  const baseUrl = baseUrlOf(settings)
  const find = openLookups(db.steady)
  const stores = openStores(db, find)
  const directory = openDirectory(db, baseUrl)
  const bound = new WeakMap<PracticeRecord, Store>()
  function storeOf(practice: PracticeRecord): Store {
    const store = bound.get(practice) ?? stores.for(directory.scopeOf(practice))
    bound.set(practice, store)
    return store
  }
  return {
    ...{ settings, baseUrl, db, find, files, storeOf, directory },
    apps: openAppDirectory(db),
    seals,
    pace: newPace(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Which database it is that cannot be reached, without its password. */
function namedDatabase(error: unknown, databaseUrl: string): unknown {
  if (!(error instanceof Problem) || !/cannot be reached/.test(error.message)) return error
  const { host, pathname } = new URL(databaseUrl)
  const sentence = `The database ${pathname.slice(1)} at ${host || 'its socket'} cannot be reached: start it, or mend DATABASE_URL`
  return new Problem('unavailable', sentence, { cause: error })
}

function placeOf({ databaseUrl }: Settings, embedded: EmbeddedServer | undefined) {
  if (embedded) return { host: embedded.host, user: embedded.user, database: embedded.database }
  return databaseUrl === undefined ? {} : { url: databaseUrl }
}

/** Those of SECRET_KEYS, then those of the data folder, which the embedded database has beside it; none: nothing is sealed. */
function secretKeysOf({ secretKeys, databaseUrl, dataDir }: Settings): readonly SecretKey[] {
  const kept = databaseUrl === undefined ? secretKeysIn(dataDir, { isMade: secretKeys === undefined }) : []
  return [...(secretKeys ?? []), ...kept]
}

export interface ServerParts {
  readonly server: FastifyInstance
  readonly registry: Registry
}

/** The server of an installation, not yet listening. `log`: where its lines go. */
export async function serverOf(
  installation: Installation,
  log: { write(line: string): void } | undefined,
): Promise<ServerParts> {
  const { db, find, directory, settings, baseUrl, pace } = installation
  const registry = new Registry()
  const report = reportToLog(log)
  const smart = authorizationServer(smartPartsOf(installation, report))
  const imports = importOptionsOf(installation, report)
  const face = await exportFaceOf(installation, report)
  const exports = exportOperations(face)
  const rest = restRoutes(
    {
      storeOf: face.storeOf,
      rulesOf: face.rulesOf,
      oauthUris: smart.oauthUris,
      pagingKey: await installationKey(db, 'paging'),
      report,
    },
    { ...exports, operations: [...exports.operations, importOperation(imports)] },
  )
  const server = await buildServer({
    practices: directory,
    authenticate: (practice, token, requestId) => authenticate(find, practice.number, token, requestId),
    routes: [...rest, ...exportRoutes(face, rest), ...importRoutes(imports)],
    endpoints: [...smart.endpoints, ...sampleApp({ clientOf: () => registeredClient(db), refused: smart.refused })],
    fhirPaths: Object.values(dialects).flatMap(({ fhirPaths }) => fhirPaths),
    checkReady: () => db.script('select 1'),
    onRequest: pace.met,
    registry,
    log,
    report,
    prefix: new URL(baseUrl).pathname.replace(/\/+$/, ''),
    trustedProxies: settings.trustedProxies,
    isHttps: baseUrl.startsWith('https:'),
    certificate: certificateFilesOf(settings),
    bodyLimitBytes: settings.bodyLimitMb * 1024 * 1024,
    ...(settings.securityContact !== undefined && { securityContact: settings.securityContact }),
  })
  return { server, registry }
}

/** Where the server's certificate is; undefined: TLS does not end here. */
export function certificateFilesOf({ tlsCert, tlsKey }: Settings): CertificateFiles | undefined {
  return tlsCert === undefined || tlsKey === undefined ? undefined : { cert: tlsCert, key: tlsKey }
}

/** What the authorization server of an installation stands on. */
export function smartPartsOf(installation: Installation, report: Report): SmartParts {
  const { db, find, apps, seals, baseUrl, directory, storeOf, settings } = installation
  const records = launchRecords({ recordOf: (practice) => directory.recordOf(practice.number), storeOf })
  return {
    ...{ db, find, apps, seals, baseUrl, report, now: Date.now, isDevelopment: settings.development },
    settingsOf: (practice) => directory.recordOf(practice.number).settings,
    typesOf: ({ types }) => resourceTypes.filter((type) => !types || types.has(type)),
    ...{ records, charts: records },
  }
}

/** Does work in the background for an installation: every kind of job there is. */
export async function workerOf(
  installation: Installation,
  options: { readonly log: { write(line: string): void } | undefined; readonly slots: number },
): Promise<Worker> {
  for (const { number } of await listPractices(installation.db)) await queueSweep(installation.db, number)
  const jobs = await jobsOf(installation, reportToLog(options.log))
  return startWorker({ ...options, db: installation.db, jobs })
}

async function jobsOf(installation: Installation, report: Report): Promise<Job[]> {
  const { db, directory, files } = installation
  const store = await files.open()
  return [
    exportJob(await exportPartsOf(installation, store)),
    removalJob(db, store),
    importJob(importOptionsOf(installation, report)),
    reindexJob(db, async (practice) => directory.scopeOf(await practiceNumbered(db, practice))),
    sweepJob(db, [
      removeExpiredTokens,
      removeSpentAssertions,
      removeExpiredGrants,
      removeExpiredSessions,
      removeOldFailures,
      removeExpiredImports(files.open),
      removeOldExports,
    ]),
  ]
}

/** Queues a new index wherever the search parameters, a time zone or an address changed; how many types. */
export async function queueReindexes({ db, directory }: Installation): Promise<number> {
  let queued = 0
  for (const record of await listPractices(db)) queued += (await queueReindex(db, directory.scopeOf(record))).length
  return queued
}
