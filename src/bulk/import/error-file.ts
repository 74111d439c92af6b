import type { Answer, Call } from '#http'
import { Problem } from '#lib'
import type { ImportOptions } from './options.ts'
import { ownImport } from './own-import.ts'
import { inputsOf } from './records/inputs-store.ts'

/** Why resources of a file were not loaded, an OperationOutcome a line. */
export async function importErrors(options: ImportOptions, call: Call): Promise<Answer> {
  const { practice, id } = await ownImport(options, call)
  const input = (await inputsOf(options.db, practice, id)).find(({ n }) => String(n) === call.path.n)
  const name = input?.errors
  const files = await options.files()
  const file = name === undefined ? undefined : await files.open(name, { start: 0, end: 0 })
  if (name === undefined || !file)
    throw new Problem('not-found', 'This file is not known: the status names those there are')
  file.stream.destroy()
  const open = async () => {
    const opened = await files.open(name)
    if (opened) return opened.stream
    throw new Problem('gone', 'This file was removed')
  }
  return { flow: { type: 'application/fhir+ndjson', length: file.size, open } }
}
