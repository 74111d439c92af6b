import type { Beside, Operation, OperationCall } from '#rest'
import type { ExportFace } from '../face.ts'
import { answerBadFormat } from '../kick-off/bad-format.ts'
import { kickOff } from '../kick-off/kick-off.ts'
import { exports, instantiates, notExported } from './exports.ts'

/** What exports add to the FHIR API's operations. */
export function exportOperations(face: ExportFace): Beside {
  const operations = exports.map(
    (described): Operation => ({
      ...described,
      run: (_options, call: OperationCall) => kickOff(face, call).catch((error) => answerBadFormat(call, error)),
    }),
  )
  return { operations, instantiates, extensionsOf: notExported }
}
