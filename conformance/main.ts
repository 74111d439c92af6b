/**
 * `npm run conformance`: charthouse against the certification kit. For each suite and each kind of data: a practice is
 * filled, a token made, the suite run, its results kept; at the end one table. Status 1 when a required test missed.
 */
import { drive } from './authorization/drive.ts'
import { type KitServer, startKitServer } from './authorization/kit-server.ts'
import type { AuthorizationSuite } from './authorization/suites.ts'
import { testedPractice } from './authorization/tested-practice.ts'
import { type Charthouse, startCharthouse } from './charthouse.ts'
import { filledPractice, type Target } from './filled-practice.ts'
import { execute, type Kit, titlesIn, titlesOf } from './kit.ts'
import { type DataKind, type Options, readOptions, usage } from './options.ts'
import { isMissed, outcomes } from './outcome.ts'
import { report, tableOf } from './report.ts'
import { currentCommit, keep, lastRun, type Run } from './results.ts'
import { startStandIn } from './stand-in-validator.ts'
import type { AnySuite, Suite } from './suites.ts'

/** Runs one suite on one kind of data. */
type RunSuite = (suite: AnySuite, kind: DataKind) => Promise<Pick<Run, 'patients' | 'outcomes'>>

if (process.argv.includes('--help')) console.log(usage)
else await main(readOptions(process.argv.slice(2)))

async function main(options: Options) {
  await using standIn = options.validator === 'none' ? await startStandIn() : undefined
  const kit = { folder: options.kit, validator: standIn?.url ?? options.validator }
  const runs = await (options.given ? runGiven(options, options.given, kit) : runOwn(options, kit))
  console.log(report(runs))
  if (runs.some((run) => run.outcomes.some((each) => !each.isOptional && isMissed(each)))) process.exitCode = 1
}

function runGiven(options: Options, given: NonNullable<Options['given']>, kit: Kit): Promise<Run[]> {
  return runAll(options, async (suite) => {
    if ('steps' in suite) throw new Error(`The suite ${suite.id} registers apps, so that it needs a server of its own`)
    return runApi(kit, suite, options.only, { ...given, checkServes() {} })
  })
}

async function runOwn(options: Options, kit: Kit): Promise<Run[]> {
  await using charthouse = await startCharthouse(options.dataDir)
  await using server = options.suites.some((suite) => 'steps' in suite) ? await startKitServer(kit) : undefined
  return await runAll(options, async (suite, kind) => {
    const target = await filledPractice(charthouse, suite, { kind, patients: options.patients })
    if (!('steps' in suite)) return runApi(kit, suite, options.only, target)
    if (!server) throw new TypeError('A suite with steps is driven over the web server of the kit')
    return runAuthorization(charthouse, server, suite, options.only, target)
  })
}

async function runAll(options: Options, runSuite: RunSuite): Promise<Run[]> {
  const runs: Run[] = []
  const commit = await currentCommit()
  for (const data of options.kinds) {
    for (const suite of options.suites) {
      const named = { suite: suite.id, data, only: options.only, validator: options.validator, commit }
      const earlier = options.resumes ? await lastRun(named) : undefined
      const isSame = earlier?.commit === commit && earlier.validator === options.validator
      runs.push(isSame ? earlier : await runOne(named, () => runSuite(suite, data)))
    }
  }
  return runs
}

type Named = Pick<Run, 'suite' | 'data' | 'only' | 'validator' | 'commit'>

async function runOne(named: Named, runSuite: () => ReturnType<RunSuite>): Promise<Run> {
  const startedAt = new Date()
  const found = await runSuite()
  const seconds = Math.round((Date.now() - startedAt.getTime()) / 1000)
  const run: Run = { ...named, startedAt: startedAt.toISOString(), seconds, ...found }
  await keep(run)
  console.error(tableOf([run]))
  return run
}

async function runApi(kit: Kit, suite: Suite, only: readonly string[], target: Target) {
  const results = await execute(kit, suite, only, target)
  target.checkServes()
  return { patients: target.patients, outcomes: outcomes(results, await titlesOf(suite.id)) }
}

async function runAuthorization(
  charthouse: Charthouse,
  server: KitServer,
  suite: AuthorizationSuite,
  only: readonly string[],
  target: Target,
) {
  const practice = await testedPractice(charthouse, target, server.url)
  const { results, trees } = await drive(server, suite, only, { practice, patients: target.patients })
  target.checkServes()
  return {
    patients: target.patients,
    outcomes: outcomes(results, new Map(trees.flatMap((tree) => [...titlesIn(tree)]))),
  }
}
