import { docref } from './docref.ts'
import { everything } from './everything.ts'
import { lastn } from './lastn.ts'
import { match } from './match.ts'
import { meta } from './meta.ts'
import { metaAdd } from './meta-add.ts'
import { metaDelete } from './meta-delete.ts'
import type { Operation } from './operation.ts'
import { versions } from './versions.ts'

export const operations: readonly Operation[] = [docref, everything, lastn, match, meta, metaAdd, metaDelete, versions]
