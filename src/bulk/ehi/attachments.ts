/** Files that stand within resources (Binary, Attachment), written beside them as the files that they are. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { refused, type WrittenFile, writtenFile } from './written-file.ts'

export interface Attachments {
  /** Writes those of a resource, given as text. */
  add(text: string): Promise<void>
  readonly count: number
  readonly bytes: number
}

/** `index` gets a line for each: in what it stands, and where it lies. */
export function attachmentsIn(folder: string, index: WrittenFile): Attachments {
  const folders = new Set<string>()
  let count = 0
  let bytes = 0

  async function writeOne({ path, contentType, data }: Found, type: string, id: string) {
    if (!folders.has(type)) {
      const made = join(folder, 'attachments', type)
      await mkdir(made, { recursive: true, mode: 0o700 }).catch(refused(made))
      folders.add(type)
    }
    // numbered, as ids differ by case and names of files may not
    const name = `attachments/${type}/${++count}-${id}.${endingOf(contentType)}`
    const file = await writtenFile(join(folder, name))
    await file.write(Buffer.from(data, 'base64'))
    const written = await file.finish()
    bytes += written.bytes
    await index.write(`${JSON.stringify({ resource: `${type}/${id}`, path, contentType, file: name, ...written })}\n`)
  }

  return {
    async add(text) {
      if (!text.includes('"data"')) return
      const resource = JSON.parse(text) as { readonly resourceType: string; readonly id: string }
      for (const found of filesWithin(resource, '')) await writeOne(found, resource.resourceType, resource.id)
    },
    get count() {
      return count
    },
    get bytes() {
      return bytes
    },
  }
}

interface Found {
  readonly path: string
  readonly contentType: string
  readonly data: string
}

/** Binary and Attachment alone have `data` with a `contentType`: other data are samples and signatures. */
function* filesWithin(value: object, path: string): Generator<Found> {
  const { data, contentType } = value as { readonly data?: unknown; readonly contentType?: unknown }
  if (typeof data === 'string' && typeof contentType === 'string') yield { path, contentType, data }
  for (const [name, member] of Object.entries(value)) {
    if (typeof member !== 'object' || member === null) continue
    yield* filesWithin(member, Array.isArray(value) ? `${path}[${name}]` : [path, name].filter(Boolean).join('.'))
  }
}

const endings: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'application/json': 'json',
  'application/xml': 'xml',
  'application/rtf': 'rtf',
  'application/dicom': 'dcm',
  'application/zip': 'zip',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/tiff': 'tiff',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/xml': 'xml',
  'text/csv': 'csv',
  'text/rtf': 'rtf',
}

function endingOf(contentType: string): string {
  return endings[contentType.replace(/;.*/s, '').trim().toLowerCase()] ?? 'bin'
}
