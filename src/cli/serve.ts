import { createServer } from 'node:net'
import { lineBuffer, serveMetrics } from '#http'
import { Problem } from '#lib'
import { type Installation, openInstallation, queueReindexes, serverOf, workerOf } from '../app.ts'
import { action, type CliCommand, settingsOfEnvironment } from './command.ts'
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
  await refuseBusyPort(settings.host, settings.port)
  const stopping = stopSignal()
  await using installation = await openInstallation(settings)
  if (!(await ensureSandbox(installation, stopping))) return
  const isLogged = settings.log === undefined ? !process.stdout.isTTY : settings.log === 'on'
  const log = isLogged ? lineBuffer(1) : undefined
  const { server, registry } = await serverOf(installation, log)
  await using _worker = works ? await workerOf(installation, { log, slots: 1 }) : undefined
  await server.listen({ host: settings.host, port: settings.port })
  const metrics =
    settings.metricsPort === undefined
      ? undefined
      : await serveMetrics(registry, { host: settings.metricsHost, port: settings.metricsPort })
  greet(installation)
  await queueReindexes(installation)
  await stopped(stopping)
  metrics?.close()
  await server.close()
  log?.flush()
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

function greet({ baseUrl, settings }: Installation) {
  const hasSandbox = settings.sandbox === 'on' || (settings.sandbox === undefined && settings.databaseUrl === undefined)
  const practice = hasSandbox ? 'sandbox' : 'PRACTICE'
  const fhir = `${baseUrl}/${practice}/fhir/r4`
  process.stderr.write(`
charthouse is ready (stop it with Ctrl-C)

  FHIR base URL   ${fhir}
  without token   curl ${fhir}/metadata
  get a token     TOKEN=$(npx charthouse token --practice ${practice} --scope "system/*.rs")
  first search    curl -H "Authorization: Bearer $TOKEN" "${fhir}/Patient?_count=2&_pretty=true"
  your own data   npx charthouse practice add mine && npx charthouse import FILE --practice mine

`)
}
