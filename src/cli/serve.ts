import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import type { Settings } from '#config'
import { lineBuffer, type Metrics, readCertificate, serveMetrics, shareMetrics } from '#http'
import { Problem } from '#lib'
import { listPractices } from '#platform'
import { samplePath } from '#sample-app'
import { sealSigningKeys } from '#smart'
import { certificateFilesOf, type Installation, openInstallation, queueReindexes, serverOf, workerOf } from '../app.ts'
import { ensureBuiltInGroups } from './built-in-groups.ts'
import { action, type CliCommand, settingsOfEnvironment } from './command.ts'
import { withJobConnections } from './job-connections.ts'
import { isWatched, leaveWatch, startProcesses } from './processes.ts'
import { ensureSandbox } from './sandbox.ts'
import { stopped, stopSignal } from './stop-signal.ts'

export const serve: CliCommand = (program) =>
  void program
    .command('serve')
    .description('start the server (npm start)')
    .option('--no-worker', 'leave work in the background to charthouse work')
    .action(action(run))

async function run({ worker: works }: { worker: boolean }) {
  const settings = settingsOfEnvironment()
  const stopping = stopSignal()
  if (isWatched) return answer(settings, stopping).finally(leaveWatch)
  checkCertificate(settings)
  await refuseBusyPort(settings.host, settings.port)
  const slots = works ? slotsHere() : 0
  await using installation = await openInstallation(withJobConnections(settings, slots))
  await sealSigningKeys(installation.db, installation.seals)
  if (!(await ensureSandbox(installation, stopping))) return
  using log = logOf(settings)
  await using _worker = works ? await workerOf(installation, { log, slots }) : undefined
  const isAlone = settings.processes === 1
  await using serving = isAlone ? await listen(installation, log) : await startProcesses(settings.processes)
  using _metrics = await metricsOf(settings, serving)
  greet(installation)
  await queueReindexes(installation)
  await ensureBuiltInGroups(installation, await listPractices(installation.db))
  await Promise.race([stopped(stopping), serving.failed])
}

/** A job keeps this process and one of PostgreSQL busy, and requests come first. */
function slotsHere(): number {
  return Math.max(1, Math.floor(availableParallelism() / 4))
}

/** One of several processes: nothing but requests. */
async function answer(settings: Settings, stopping: AbortSignal) {
  await using installation = await openInstallation(settings)
  using log = logOf(settings)
  await using serving = await listen(installation, log)
  shareMetrics(serving.metrics)
  await stopped(stopping)
}

function logOf({ log }: Settings) {
  const isLogged = log === undefined ? !process.stdout.isTTY : log === 'on'
  return isLogged ? lineBuffer(1) : undefined
}

async function listen(installation: Installation, log: ReturnType<typeof logOf>) {
  const { server, registry } = await serverOf(installation, log)
  const { host, port } = installation.settings
  await server.listen({ host, port })
  return { metrics: registry, failed: new Promise<never>(() => {}), [Symbol.asyncDispose]: () => server.close() }
}

async function metricsOf({ metricsHost, metricsPort }: Settings, { metrics }: { readonly metrics: Metrics }) {
  if (metricsPort === undefined) return undefined
  const server = await serveMetrics(metrics, { host: metricsHost, port: metricsPort })
  return { [Symbol.dispose]: () => void server.close() }
}

/** Said once, before several processes find it. */
function checkCertificate(settings: Settings): void {
  const files = certificateFilesOf(settings)
  if (files) readCertificate(files)
}

/** Said before anything is set up: the sandbox takes a while. */
async function refuseBusyPort(host: string, port: number): Promise<void> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error: NodeJS.ErrnoException) => reject(listenProblem(error, host, port)))
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

function listenProblem(error: NodeJS.ErrnoException, host: string, port: number): Problem {
  const why: Record<string, string> = {
    EADDRINUSE: `Port ${port} is in use: choose another, such as PORT=${port + 1} npm start, or stop the program that has it`,
    EACCES: `Port ${port} may not be used by this account: choose one above 1023, such as PORT=8080 npm start`,
    EADDRNOTAVAIL: `This machine has no address ${host}: set HOST to one of its own, or to 0.0.0.0`,
  }
  return new Problem('unavailable', why[error.code ?? ''] ?? `Cannot listen at ${host}:${port}: ${error.message}`, {
    cause: error,
  })
}

function greet({ baseUrl, settings, seals }: Installation) {
  if (settings.development) {
    process.stderr.write(`
DEVELOPMENT=true: apps may register http and loopback addresses. Never serve real patients this way.\n`)
  }
  if (seals.prefix === '') {
    process.stderr.write(`
SECRET_KEYS is not set: private signing keys stand unsealed in the database. docs/configuration.md says how to seal them.\n`)
  }
  const hasSandbox = settings.sandbox === 'on' || (settings.sandbox === undefined && settings.databaseUrl === undefined)
  const practice = hasSandbox ? 'sandbox' : 'PRACTICE'
  const fhir = `${baseUrl}/${practice}/fhir/r4`
  process.stderr.write(`
charthouse is ready (stop it with Ctrl-C)

${hasSandbox ? `  click through   ${baseUrl}/sandbox${samplePath} (a patient's chart in a sample app)\n` : ''}  FHIR base URL   ${fhir}
  without token   curl ${fhir}/metadata
  get a token     TOKEN=$(npx charthouse token --practice ${practice} --scope "system/*.rs")
  first search    curl -H "Authorization: Bearer $TOKEN" "${fhir}/Patient?_count=2&_pretty=true"
  your own data   npx charthouse practice add mine && npx charthouse import FILE --practice mine

`)
}
