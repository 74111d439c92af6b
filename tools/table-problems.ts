import type { ManifestEntry } from './definition-manifest.ts'

/** What is wrong with generated tables, given the hashes of the files that are there and of the packages, if they are. */
export function tableProblems(
  manifest: Readonly<Record<string, ManifestEntry>>,
  tables: ReadonlyMap<string, string>,
  packages?: ReadonlySet<string>,
): readonly string[] {
  const unlisted = [...tables.keys()]
    .filter((file) => !manifest[file])
    .map((file) => `${file} is not in manifest.json: its generator must write it with writeTable()`)
  return [
    ...unlisted,
    ...Object.entries(manifest).flatMap(([file, entry]) => problemsOf(file, entry, tables, packages)),
  ]
}

function problemsOf(
  file: string,
  { generator, packages: sources, sha256 }: ManifestEntry,
  tables: ReadonlyMap<string, string>,
  packages: ReadonlySet<string> | undefined,
): readonly string[] {
  const actual = tables.get(file)
  if (actual === undefined) return [`${file} is missing: run node ${generator}`]
  if (actual !== sha256) return [`${file} is not what its generator wrote: run node ${generator}`]
  return Object.entries(sources)
    .filter(([, hash]) => packages && !packages.has(hash))
    .map(([name]) => `${file} was made from another ${name} than ../shared holds: run node ${generator}`)
}
