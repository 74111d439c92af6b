import { codeSystemValidateCode } from './code-system-validate-code.ts'
import { docref } from './docref.ts'
import { everything } from './everything.ts'
import { expand } from './expand.ts'
import { lastn } from './lastn.ts'
import { lookup } from './lookup.ts'
import { match } from './match.ts'
import { meta } from './meta.ts'
import { metaAdd } from './meta-add.ts'
import { metaDelete } from './meta-delete.ts'
import type { Operation } from './operation.ts'
import { valueSetValidateCode } from './value-set-validate-code.ts'
import { versions } from './versions.ts'

export const operations: readonly Operation[] = [
  codeSystemValidateCode,
  docref,
  everything,
  expand,
  lastn,
  lookup,
  match,
  meta,
  metaAdd,
  metaDelete,
  valueSetValidateCode,
  versions,
]
