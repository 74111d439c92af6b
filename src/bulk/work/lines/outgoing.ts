/** What becomes of a stored line on its way into a file: nothing, unless it is marked or elements were chosen. */
import { project } from '#fhir'
import type { Line, OnLine } from '#store'
import type { Notice } from '../../export.ts'
import type { NewFile } from '../../records/files-store.ts'
import type { Walk } from '../walk.ts'
import { Attachments } from './attachments.ts'
import { editLine } from './edit-line.ts'
import { elementsOf } from './elements.ts'

export interface Outgoing {
  /** Takes a line that is ready; it may be overwritten after the answer. */
  line(bytes: Buffer, at: LineAt): void | Promise<void>
  addNotice(notice: Notice): void
  addFile(file: NewFile): void
}

export interface LineAt {
  readonly start: number
  readonly end: number
  readonly place: Buffer
}

/** Where lines of a type go in; `undefined`: of any type. */
export function outgoing(walk: Walk, type: string | undefined, out: Outgoing): OnLine {
  const { elements: asked } = walk.exported.request
  const elements = type === undefined ? undefined : elementsOf(type, asked)
  const editing = { attachments: new Attachments(walk, out), walk, out }
  return (line) => {
    walk.references?.read(line.bytes, line.start, line.end)
    if (!line.isMarked && !elements && (type !== undefined || !asked)) return out.line(line.bytes, line)
    return edit(editing, line, elements)
  }
}

interface Editing {
  readonly walk: Walk
  readonly out: Outgoing
  readonly attachments: Attachments
}

function edit({ walk, out, attachments }: Editing, line: Line, known: ReadonlySet<string> | undefined) {
  const { request, base } = walk.exported
  const text = line.bytes.toString('utf8', line.start, line.end)
  const { line: edited, notice } = editLine(text, { base, addressOf: (taken) => attachments.addressOf(taken) })
  if (notice) out.addNotice(notice)
  const elements = known ?? (request.elements && elementsOf(typeIn(edited), request.elements))
  const bytes = Buffer.from(elements ? project(edited, elements) : edited)
  const at = { start: 0, end: bytes.length, place: Buffer.from(line.place) }
  return attachments.isStoring ? attachments.stored().then(() => out.line(bytes, at)) : out.line(bytes, at)
}

/** https://hl7.org/fhir/R4/json.html: every resource says what it is. */
function typeIn(text: string): string {
  return (JSON.parse(text) as { readonly resourceType: string }).resourceType
}
