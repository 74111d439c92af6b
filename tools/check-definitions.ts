/**
 * Checks that the tables in `src/fhir/definitions` are what their generators wrote: a hand edit shows as another hash.
 * Where ../shared is, it also checks that they were made from the packages that lie there.
 * Run from the repository root: `node tools/check-definitions.ts`.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { definitionsFolder, readManifest, sha256Of } from './definition-manifest.ts'
import { tableProblems } from './table-problems.ts'

const shared = join(import.meta.dirname, '../../shared/data')

function hashes(pattern: string): ReadonlyMap<string, string> {
  return new Map(globSync(pattern).map((file) => [basename(file), sha256Of(readFileSync(file))]))
}

const tables = new Map(hashes(join(definitionsFolder, '*.json')))
tables.delete('manifest.json')
const packages = existsSync(shared)
  ? new Set(hashes(join(shared, '{igs/*.tgz,us-core/us-core-expansions.json}')).values())
  : undefined

const problems = tableProblems(readManifest(), tables, packages)
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
