import { text } from 'node:stream/consumers'
import {
  bulkDownload,
  type Credentials,
  cancelDownload,
  type Download,
  type DownloadContext,
  type Level,
  readClientKey,
  type Summary,
} from '#bulk-client'
import { Problem } from '#lib'
import { bulkProgress, sizeText } from './bulk-progress.ts'
import { action, again, type CliCommand } from './command.ts'
import { clockText, numeral } from './import-progress.ts'
import { stopSignal } from './stop-signal.ts'

interface Options {
  readonly out: string
  readonly group?: string
  readonly patient?: true
  readonly clientId?: string
  readonly key?: string
  readonly kid?: string
  readonly scope?: string
  readonly tokenUrl?: string
  readonly token?: string
  readonly tokenOrigin?: readonly string[]
  readonly type?: readonly string[]
  readonly typeFilter?: readonly string[]
  readonly since?: string
  readonly until?: string
  readonly elements?: readonly string[]
  readonly outputFormat?: string
  readonly includeAssociatedData?: readonly string[]
  readonly patientId?: readonly string[]
  readonly post?: true
  readonly lenient?: true
  readonly partial?: true
  readonly parallel: string
  readonly ignoreCounts?: true
  readonly keep?: true
  readonly cancel?: true
}

const example = `
Try it on the sandbox of a server that runs here:
  charthouse bulk-download http://localhost:8080/sandbox/fhir --out export \\
    --token "$(charthouse token --practice sandbox --scope 'system/*.rs')"

Every option: docs/bulk-download.md`

export const bulkDownloadCommand: CliCommand = (program) =>
  void program
    .command('bulk-download')
    .argument('<base>', 'the FHIR base URL of any server with Bulk Data 1.0.1, 2.0.0 or 3.0.0')
    .description('export from a Bulk Data server into a folder; the same command again goes on where it was')
    .requiredOption('--out <folder>', 'where the files go')
    .option('--group <id>', 'the patients of a Group; without this and --patient everything')
    .option('--patient', 'all patients')
    .option('--client-id <id>', 'as the server has registered this client')
    .option('--key <file>', 'its private key: JWK, JWK Set or PEM')
    .option('--kid <id>', 'the id of the key, where the file does not say it')
    .option('--scope <scopes>', 'all that may be read unless given')
    .option('--token-url <url>', 'unless the server says it in .well-known/smart-configuration')
    .option('--token <token>', 'an access token, in place of a client and its key; - reads it from standard input')
    .option('--token-origin <origin>', 'send the token there too: it goes to the origin of <base> alone', again)
    .option('--type <types>', 'resource types', listed)
    .option('--type-filter <query>', 'such as "Observation?category=laboratory"', again)
    .option('--since <instant>', 'what has changed after')
    .option('--until <instant>', 'what has changed before')
    .option('--elements <names>', 'root elements, such as "Patient.name"', listed)
    .option('--output-format <format>')
    .option('--include-associated-data <codes>', 'such as LatestProvenanceResources', listed)
    .option('--patient-id <ids>', 'these patients alone (asks by POST)', listed)
    .option('--post', 'ask by POST')
    .option('--lenient', 'what the server does not know it may ignore, and says so')
    .option('--partial', 'load files while the server makes others, if it can')
    .option('--parallel <n>', 'files at once', '4')
    .option('--ignore-counts', 'believe a file that differs from the count or size in the manifest')
    .option('--keep', 'leave the export on the server when all is here')
    .option('--cancel', 'delete the export of this folder on the server, and load nothing')
    .addHelpText('after', example)
    .action(action(run))

async function run(base: string, options: Options): Promise<number> {
  const progress = bulkProgress(process.stderr)
  const signal = stopSignal()
  const ticking = setInterval(progress.tick, 1000)
  const context = { signal, tell: progress.tell, progress: progress.update }
  try {
    const download = await downloadOf(base, options)
    return options.cancel
      ? await cancel(download, context)
      : await load(download, { ...context, clear: progress.clear })
  } catch (error) {
    progress.clear()
    if (signal.aborted) {
      process.stderr.write(
        'Stopped. The same command goes on from there; with --cancel it deletes the export on the server\n',
      )
      return 1
    }
    const { syscall, message } = error as NodeJS.ErrnoException
    if (error instanceof Problem || syscall === undefined) throw error
    throw new Problem('fault', `${options.out}: ${message}; the same command goes on from there`, { cause: error })
  } finally {
    clearInterval(ticking)
  }
}

async function load(download: Download, { clear, ...context }: DownloadContext & { clear(): void }): Promise<0 | 1> {
  const start = performance.now()
  const summary = await bulkDownload(download, context)
  clear()
  if (!summary) return 0
  process.stdout.write(summaryText(summary, { folder: download.folder, seconds: (performance.now() - start) / 1000 }))
  if (summary.missing > 0) {
    process.stderr.write(`${counted(summary.missing, 'file')} could not be loaded: the same command tries again\n`)
  }
  if (summary.failures > 0)
    process.stderr.write(`The server could not export everything: ${counted(summary.failures, 'failure')}\n`)
  return summary.missing > 0 || summary.failures > 0 ? 1 : 0
}

async function cancel(download: Download, context: DownloadContext): Promise<0> {
  await cancelDownload(download, context)
  process.stdout.write(`The export of ${download.folder} is deleted on the server\n`)
  return 0
}

function summaryText(
  { files, bytes, byType, transactionTime }: Summary,
  { folder, seconds }: { folder: string; seconds: number },
): string {
  const types = [...byType].sort(([one], [other]) => one.localeCompare(other))
  const count = types.reduce((sum, [, lines]) => sum + lines, 0)
  const lines = [
    `${numeral(count)} resources in ${numeral(files)} files, ${sizeText(bytes)}, in ${folder} after ${clockText(seconds)}`,
    ...types.map(([type, own]) => `  ${type || '(type not given)'}: ${numeral(own)}`),
  ]
  if (transactionTime !== undefined) lines.push(`For what changes from now on: --since ${transactionTime}`)
  return `${lines.join('\n')}\n`
}

async function downloadOf(base: string, options: Options): Promise<Download> {
  const url = webAddress(base, 'The base URL')
  if (url.username !== '' || url.password !== '') throw new Problem('incorrect', 'A base URL has no password in it')
  if (url.search !== '' || url.hash !== '') throw new Problem('incorrect', `"${base}" is no base URL: it has ? or #`)
  return {
    kickOff: {
      base: url,
      level: levelOf(options),
      parameters: {
        outputFormat: options.outputFormat,
        since: options.since,
        until: options.until,
        types: options.type,
        elements: options.elements,
        typeFilters: options.typeFilter,
        associatedData: options.includeAssociatedData,
        patients: options.patientId,
        partial: options.partial,
      },
      isLenient: options.lenient ?? false,
      isPost: options.post ?? false,
    },
    credentials: await credentialsOf(options),
    folder: options.out,
    parallel: numberAtOnce(options.parallel),
    isKept: options.keep ?? false,
    ignoresCounts: options.ignoreCounts ?? false,
    tokenOrigins: (options.tokenOrigin ?? []).map((origin) => webAddress(origin, '--token-origin').origin),
  }
}

function levelOf({ group, patient, patientId }: Options): Level {
  if (group !== undefined && patient) throw new Problem('incorrect', 'Either --group or --patient')
  if (group !== undefined) return { kind: 'group', id: group }
  if (patientId && !patient) throw new Problem('incorrect', '--patient-id needs --patient or --group')
  return { kind: patient ? 'patient' : 'system' }
}

async function credentialsOf({ token, clientId, key, kid, scope, tokenUrl }: Options): Promise<Credentials> {
  if (token !== undefined && clientId !== undefined) throw new Problem('incorrect', 'Either --token or --client-id')
  if (token !== undefined) return { kind: 'token', token: token === '-' ? (await text(process.stdin)).trim() : token }
  if (clientId === undefined) {
    if (key !== undefined) throw new Problem('incorrect', '--key needs --client-id')
    return { kind: 'none' }
  }
  if (key === undefined) throw new Problem('incorrect', '--client-id needs --key')
  return {
    kind: 'backend',
    client: clientId,
    key: await readClientKey(key, kid),
    scope,
    tokenUrl: tokenUrl === undefined ? undefined : webAddress(tokenUrl, '--token-url'),
  }
}

function counted(count: number, what: string): string {
  return `${numeral(count)} ${what}${count === 1 ? '' : 's'}`
}

function webAddress(given: string, what: string): URL {
  const url = URL.parse(given)
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new Problem('incorrect', `${what} is an address such as https://fhir.example.org/r4, not "${given}"`)
}

function numberAtOnce(given: string): number {
  const value = Number(given)
  if (Number.isInteger(value) && value >= 1 && value <= 64) return value
  throw new Problem('incorrect', `--parallel takes a number from 1 to 64, not "${given}"`)
}

/** An option that takes a list, and may stand several times. */
function listed(value: string, before: readonly string[] = []): string[] {
  return [...before, ...value.split(',')]
}
