import { seeAll } from '#access'
import { parseSearch, terminology, validateStructure } from '#fhir'
import { practiceNamed } from '#platform'
import { type ConditionalQuery, type Store, settle } from '#store'
import type { Installation } from '../app.ts'
import { action, type CliCommand, withInstallation } from './command.ts'
import { runImport } from './import.ts'

interface Options {
  readonly practice: string
  readonly byType?: boolean
}

const sourcesAbout =
  'files, folders or - for standard input: NDJSON, resources, Bundles, archives of these, in any size; ' +
  'one resource or Bundle is read whole and takes at most 64 MB: split a longer Bundle, or give it as NDJSON'

export const importCommand: CliCommand = (program) =>
  void program
    .command('import')
    .argument('<sources...>', sourcesAbout)
    .description('load FHIR data into a practice')
    .requiredOption('--practice <id>')
    .option('--by-type', 'print the counts of each resource type')
    .action(
      action((sources: string[], options: Options) =>
        withInstallation((installation) => load(installation, sources, options)),
      ),
    )

const largeLoad = 5000

async function load(
  installation: Installation,
  sources: readonly string[],
  { practice, byType }: Options,
): Promise<number> {
  const record = await practiceNamed(installation.db, practice)
  const store = installation.storeOf(record)
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const isChecked = record.settings.validation !== 'off'
  let written = 0
  const status = await runImport(
    { sources, practice, byType: byType ?? false },
    {
      write(operations) {
        written += operations.length
        return store.write(operations)
      },
      resolve: (queries) => Promise.all(queries.map((query) => matchesOf(store, query, record.settings.timeZone))),
      ...(isChecked && { validate: sentencesOf }),
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      signal: stopping.signal,
    },
  )
  if (written >= largeLoad) await settle(installation.db)
  return status
}

function sentencesOf(resource: object): readonly string[] {
  return validateStructure(resource).map(({ expression, sentence }) => `${expression}: ${sentence}`)
}

/** Ids of what a conditional query matches: enough of them to name when they are several. */
async function matchesOf(store: Store, { type, query }: ConditionalQuery, zone: string): Promise<string[]> {
  const search = parseSearch({
    types: [type],
    parameters: [...new URLSearchParams(query)],
    handling: 'strict',
    zone,
    bases: [],
    defaultCount: 6,
    maximumCount: 6,
    terminology: terminology(),
  })
  const { matches } = await store.search(seeAll, search)
  return matches.map(({ id }) => id)
}
