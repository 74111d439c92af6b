import type { ManifestItem } from '../manifest.ts'

/**
 * Names of files, made of kind, type and number: nothing of an address becomes part of a path. Numbers are given in the order
 * of the manifest, without regard to case, which some file systems do not keep.
 */
export function fileNames(outputFormat: string | undefined): (item: Pick<ManifestItem, 'kind' | 'type'>) => string {
  const counts = new Map<string, number>()
  const extension = extensionOf(outputFormat)
  return ({ kind, type = '' }) => {
    const word = /^[A-Za-z]{1,64}$/.test(type) ? type : 'resources'
    const stem = kind === 'output' ? word : `${kind}.${word}`
    const number = (counts.get(stem.toLowerCase()) ?? 0) + 1
    counts.set(stem.toLowerCase(), number)
    return `${stem}.${number}.${kind === 'output' ? extension : 'ndjson'}`
  }
}

function extensionOf(format = 'ndjson'): string {
  return /\b(csv|parquet|ndjson)$/.exec(format)?.[1] ?? 'out'
}
