import {
  compact,
  type Fault,
  hasRawLineBreak,
  isResourceType,
  narrativeFaults,
  readJson,
  validateStructure,
} from '#fhir'
import type { Call } from '#http'
import { Problem } from '#lib'
import { binaryOf } from '../binary/posted-content.ts'
import { refuseOtherMedia } from './media-type.ts'
import type { Writing } from './writing.ts'

/** A resource as it came: `resource` is `text` parsed. */
export interface Content {
  readonly text: string
  readonly resource: Readonly<Record<string, unknown>>
}

type Posted = Pick<Call, 'headers' | 'body'> & Partial<Pick<Call, 'content' | 'path'>>

/** The resource that a request brings, as good as the practice wants it. */
export function contentOf(writing: Writing, type: string, call: Posted): Content {
  const { headers, body, content } = call
  if (type === 'Binary' && content) return checkContent(writing, binaryOf(call, content))
  refuseOtherMedia(headers, `${article(type)} is wanted, as application/fhir+json`)
  return checkedContent(writing, type, body)
}

/** The resource in a text, as good as the practice wants it. */
export function checkedContent(writing: Writing, type: string, text: string | undefined): Content {
  return checkContent(writing, readContent(type, text))
}

/** The resource, when it is as good as the practice wants it. */
export function checkContent({ rules }: Writing, content: Content): Content {
  if (rules.validation !== 'off') refuseFaults(validateStructure(content.resource))
  // S-16: whatever else is stored, no narrative acts
  if (/div|\\u/.test(content.text)) refuseFaults(narrativeFaults(content.resource))
  return content
}

function readContent(type: string, body: string | undefined): Content {
  if (body === undefined || body.trim() === '') {
    throw new Problem('incorrect', `The body is empty: ${article(type)} is wanted`, { issue: 'required' })
  }
  const resource = readJson(body)
  if (!isObject(resource)) {
    throw new Problem('incorrect', `The body is no JSON object: ${article(type)} is wanted`, { issue: 'structure' })
  }
  const given = resource.resourceType
  if (given !== type) {
    const found = isResourceType(given) ? `holds ${article(given)}` : 'names no resource type of R4 as "resourceType"'
    throw new Problem('incorrect', `The body ${found}, and the address is that of ${type}`, {
      issue: 'structure',
      expression: 'resourceType',
    })
  }
  return { text: hasRawLineBreak(body) ? compact(body) : body, resource }
}

/** model.md part 5: structural faults are 400. Profiles (`warn`, `strict`) are checked after this. */
function refuseFaults(faults: readonly Fault[]) {
  const [first] = faults
  if (!first) return
  const expression = faults.map((fault) => fault.expression)
  throw new Problem('incorrect', first.sentence, { issue: first.issue, expression, parts: faults })
}

function article(type: string): string {
  return `${/^[AEIO]/.test(type) ? 'an' : 'a'} ${type}`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
