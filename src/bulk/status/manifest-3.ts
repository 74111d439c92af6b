/**
 * The manifest as Bulk Data 3.0.0 has it, which clients of 1.0.1 and 2.0.0 read, too; another version is another writer.
 * https://hl7.org/fhir/uv/bulkdata/export.html#response---complete-status
 */
import { instantText } from '#fhir'
import type { Export, ExportFile } from '../export.ts'

export interface ManifestParts {
  readonly exported: Export
  readonly t: number
  readonly files: readonly ExportFile[]
  readonly addressOf: (file: Pick<ExportFile, 'kind' | 'type' | 'name'>) => string
  /** The next manifest. */
  readonly next?: string | undefined
}

/** Members that clients look for are always there, also where they say nothing. */
export function manifest3({ exported, t, files, addressOf, next }: ManifestParts) {
  const { address, request, shape } = exported
  const { organizedBy } = request
  const itemOf = (file: ExportFile) => ({
    // https://hl7.org/fhir/uv/bulkdata/export.html#organizeoutputby: such a file holds many types
    ...(!(organizedBy && file.kind === 'output') && { type: typeOf(file) }),
    url: addressOf(file),
    count: file.lines,
    fileSize: file.bytes,
    ...(file.continuesIn !== undefined && { continuesInFile: addressOf({ ...file, name: file.continuesIn }) }),
  })
  const itemsOf = (kind: ExportFile['kind']) => files.filter((file) => file.kind === kind).map(itemOf)
  return {
    transactionTime: instantText(t),
    request: address,
    requiresAccessToken: !shape.isOpen,
    ...(organizedBy && { outputOrganizedBy: organizedBy }),
    output: itemsOf('output'),
    deleted: itemsOf('deleted'),
    error: itemsOf('error'),
    ...(next !== undefined && { link: [{ relation: 'next', url: next }] }),
  }
}

function typeOf({ kind, type }: ExportFile): string {
  if (kind === 'deleted') return 'Bundle'
  return kind === 'error' ? 'OperationOutcome' : type
}
