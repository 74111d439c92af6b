import type { ManifestItem } from '../manifest.ts'

/** A file of an export, and where it goes. */
export interface Loading {
  readonly item: ManifestItem
  readonly path: string
  readonly requiresToken: boolean
  readonly isNdjson: boolean
  readonly ignoresCounts: boolean
}
