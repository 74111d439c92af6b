/**
 * What is done to a stored line on its way into a file, on the text: nothing is serialised again. Clients rely on absolute
 * addresses of attachments and on lines of at most 10 MB (specs/bulk.md F10, B18, B24), so a relative address is completed,
 * and of a line that is longer the largest attachments become files of their own.
 */
import { attachmentStarts, isRelativeUrl, type MemberSpan, memberSpan, memberSpans, stringValue } from '#fhir'
import { longestLineBytes } from '#store'
import type { Notice } from '../../export.ts'

export interface LineOptions {
  /** The FHIR base that the client called, without a slash at its end. */
  readonly base: string
  /** The address at which the client will find what is taken out; asked once for each, the largest first. */
  readonly addressOf: (taken: TakenOut) => string
}

/** An attachment's content that has to be stored beside the file. */
export interface TakenOut {
  readonly contentType: string
  readonly bytes: Buffer
}

export interface EditedLine {
  readonly line: string
  readonly attachments: readonly TakenOut[]
  /** When it is too long still. */
  readonly notice?: Notice
}

/** For rows with a mark, and for those of history, which have none. */
export function editLine(line: string, { base, addressOf }: LineOptions): EditedLine {
  const found = attachmentStarts(line).map((start) => attachmentAt(line, start, base))
  const bytes = Buffer.byteLength(line)
  const large = bytes > longestLineBytes ? largest(found, bytes) : []
  const attachments: TakenOut[] = []
  for (const attachment of large) {
    const taken = takenOut(line, attachment)
    attachments.push(taken)
    attachment.isTaken = true
    attachment.url = addressOf(taken)
  }
  const edited = withAttachments(line, found)
  if (Buffer.byteLength(edited) <= longestLineBytes) return { line: edited, attachments }
  return { line: edited, attachments, notice: tooLong(edited) }
}

interface Attachment {
  readonly start: number
  readonly members: readonly MemberSpan[]
  readonly data: MemberSpan | undefined
  /** The address that it gets. */
  url: string | undefined
  /** Its data goes. */
  isTaken: boolean
}

function attachmentAt(line: string, start: number, base: string): Attachment {
  const members = memberSpans(line, start)
  const data = members.find(({ key, valueStart }) => key === 'data' && line[valueStart] === '"')
  const url = textOf(line, members, 'url')
  return { start, members, data, url: isRelativeUrl(url) ? absolute(url, base) : undefined, isTaken: false }
}

/** https://hl7.org/fhir/R4/references.html#literal: relative to the base; `/x` to its host. */
function absolute(url: string, base: string): string {
  return url.startsWith('/') ? new URL(base).origin + url : `${base}/${url}`
}

/** Room for the address that takes the place of data. */
const addressBytes = 1000

/** Of the attachments with data the largest, as many as have to go. */
function largest(found: readonly Attachment[], bytes: number): Attachment[] {
  const added = found.reduce((sum, { url = '' }) => sum + url.length, 0)
  let left = bytes + added
  const bySize = found.filter(({ data }) => data).toSorted((one, other) => dataBytes(other) - dataBytes(one))
  return bySize.filter((attachment) => {
    if (left <= longestLineBytes || dataBytes(attachment) <= addressBytes) return false
    left -= dataBytes(attachment) - addressBytes
    return true
  })
}

/** Base64 is one byte a character. */
function dataBytes({ data }: Attachment): number {
  return data ? data.valueEnd - data.valueStart : 0
}

const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?: *; *[\w!#$&^.+-]+=[\w!#$&^.+-]+)*$/

function takenOut(line: string, { members }: Attachment): TakenOut {
  const contentType = textOf(line, members, 'contentType') ?? ''
  return {
    contentType: mediaType.test(contentType) ? contentType : 'application/octet-stream',
    bytes: Buffer.from(textOf(line, members, 'data') ?? '', 'base64'),
  }
}

function textOf(line: string, members: readonly MemberSpan[], key: string): string | undefined {
  const span = members.find((member) => member.key === key)
  return span && line[span.valueStart] === '"' ? stringValue(line, span.valueStart, span.valueEnd) : undefined
}

function withAttachments(line: string, found: readonly Attachment[]): string {
  let kept = ''
  let from = 0
  for (const { start, members, url, isTaken } of found) {
    const last = members.at(-1)
    if (url === undefined || !last) continue
    const address = `"url":${JSON.stringify(url)}`
    const place = members.find(({ key }) => key === 'url') ?? members.find(({ key }) => key === 'data')
    const texts = members.flatMap((member) => {
      if (member === place) return [address]
      return isTaken && member.key === 'data' ? [] : [line.slice(member.keyStart, member.valueEnd)]
    })
    kept += `${line.slice(from, start)}{${texts.join()}`
    from = last.valueEnd
  }
  return from === 0 ? line : kept + line.slice(from)
}

function tooLong(line: string): Notice {
  const [type, id] = ['resourceType', 'id'].map((key) => {
    const span = memberSpan(line, key)
    return span && stringValue(line, span.valueStart, span.valueEnd)
  })
  const bytes = Buffer.byteLength(line).toLocaleString('en-US')
  const most = longestLineBytes.toLocaleString('en-US')
  const sentence = `${type}/${id} is one line of ${bytes} bytes, more than the ${most} that clients expect: it has no attachment that could be a file of its own`
  return { severity: 'warning', code: 'too-long', sentence }
}
