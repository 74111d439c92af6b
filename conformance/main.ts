/**
 * `npm run conformance`: charthouse against the certification kit. For each suite and each kind of data: a practice is
 * filled, a token made, the suite run, its results kept; at the end one table. Status 1 when a required test missed.
 */
import { startCharthouse } from './charthouse.ts'
import { filledPractice, type Target } from './filled-practice.ts'
import { execute, type Kit, titlesOf } from './kit.ts'
import { type DataKind, type Options, readOptions, usage } from './options.ts'
import { isMissed, outcomes } from './outcome.ts'
import { report, tableOf } from './report.ts'
import { currentCommit, keep, lastRun, type Run } from './results.ts'
import { startStandIn } from './stand-in-validator.ts'
import type { Suite } from './suites.ts'

type TargetOf = (suite: Suite, kind: DataKind) => Promise<Target>

if (process.argv.includes('--help')) console.log(usage)
else await main(readOptions(process.argv.slice(2)))

async function main(options: Options) {
  await using standIn = options.validator === 'none' ? await startStandIn() : undefined
  const kit = { folder: options.kit, validator: standIn?.url ?? options.validator }
  const runs = await withTargets(options, (targetOf) => runAll(options, kit, targetOf))
  console.log(report(runs))
  if (runs.some((run) => run.outcomes.some((each) => !each.isOptional && isMissed(each)))) process.exitCode = 1
}

async function withTargets(options: Options, run: (targetOf: TargetOf) => Promise<Run[]>): Promise<Run[]> {
  const { given } = options
  if (given) return run(async () => ({ ...given, checkServes() {} }))
  await using charthouse = await startCharthouse(options.dataDir)
  return await run((suite, kind) => filledPractice(charthouse, suite, { kind, patients: options.patients }))
}

async function runAll(options: Options, kit: Kit, targetOf: TargetOf): Promise<Run[]> {
  const runs: Run[] = []
  const commit = await currentCommit()
  for (const data of options.kinds) {
    for (const suite of options.suites) {
      const named = { suite: suite.id, data, only: options.only, validator: options.validator, commit }
      const earlier = options.resumes ? await lastRun(named) : undefined
      const isSame = earlier?.commit === commit && earlier.validator === options.validator
      runs.push(isSame ? earlier : await runOne(named, kit, suite, () => targetOf(suite, data)))
    }
  }
  return runs
}

type Named = Pick<Run, 'suite' | 'data' | 'only' | 'validator' | 'commit'>

async function runOne(named: Named, kit: Kit, suite: Suite, makeTarget: () => Promise<Target>): Promise<Run> {
  const startedAt = new Date()
  const target = await makeTarget()
  const results = await execute(kit, suite, named.only, target)
  target.checkServes()
  const run: Run = {
    ...named,
    startedAt: startedAt.toISOString(),
    seconds: Math.round((Date.now() - startedAt.getTime()) / 1000),
    patients: target.patients,
    outcomes: outcomes(results, await titlesOf(suite.id)),
  }
  await keep(run)
  console.error(tableOf([run]))
  return run
}
