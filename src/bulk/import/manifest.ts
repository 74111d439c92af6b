/**
 * What an import is asked to fetch, as JSON or as a Parameters resource.
 * https://github.com/smart-on-fhir/bulk-import/blob/master/import-manifest.md
 */
import { isResourceType, readJson } from '#fhir'
import { checkAddress } from '#http'
import { Problem } from '#lib'
import type { ImportInput } from './records/import.ts'

const formats = ['application/fhir+ndjson', 'application/ndjson', 'ndjson']
const mostInputs = 1000
const longestUrl = 4000

type Json = Readonly<Record<string, unknown>>

/** Throws Problem 'incorrect' for what is missing, of another kind, or would never be fetched. */
export function readManifest(body: string | undefined, isDevelopment: boolean): readonly ImportInput[] {
  if (body === undefined || body.trim() === '') {
    throw wrong('the body is empty: JSON with inputFormat, inputSource and input is wanted')
  }
  const json = readJson(body)
  if (!isObject(json)) throw wrong('the body is no JSON object')
  const manifest = json.resourceType === 'Parameters' ? fromParameters(json) : json
  checkFormat(manifest.inputFormat)
  checkStorage(manifest.storageDetail)
  if (typeof manifest.inputSource !== 'string' || !URL.canParse(manifest.inputSource)) {
    throw wrong('a URL is wanted that says where the data comes from', 'inputSource')
  }
  const { input } = manifest
  if (!Array.isArray(input) || input.length === 0) throw wrong('at least one file is wanted', 'input')
  if (input.length > mostInputs) throw wrong(`at most ${mostInputs} files are taken, not ${input.length}`, 'input')
  return input.map((item, i) => readInput(item, `input[${i}]`, isDevelopment))
}

/** Parameters with parts say the same: a member for each, a list where it is repeated. */
function fromParameters({ parameter }: Json): Json {
  const input: Json[] = []
  const members: Record<string, unknown> = {}
  for (const one of Array.isArray(parameter) ? parameter : []) {
    if (!isObject(one) || typeof one.name !== 'string') throw wrong('a parameter has no name', 'parameter')
    const value = Array.isArray(one.part) ? fromParameters({ parameter: one.part }) : valueIn(one)
    if (one.name === 'input' && isObject(value)) input.push(value)
    else members[one.name] = value
  }
  return input.length > 0 ? { ...members, input } : members
}

function valueIn(parameter: Json): unknown {
  return Object.entries(parameter).find(([name]) => name.startsWith('value'))?.[1]
}

function checkFormat(format: unknown) {
  if (typeof format === 'string' && formats.includes(format)) return
  throw wrong(`${quoted(format)} is not read: ${formats[0]} is`, 'inputFormat')
}

function checkStorage(detail: unknown) {
  const type = isObject(detail) ? detail.type : detail
  if (type === undefined || type === 'https') return
  throw wrong(`${quoted(type)} is not read from: https is`, 'storageDetail')
}

function readInput(item: unknown, expression: string, isDevelopment: boolean): ImportInput {
  const { type, url } = isObject(item) ? item : ({} as Json)
  if (!isResourceType(type)) throw wrong(`${quoted(type)} is not a resource type of R4`, `${expression}.type`)
  if (typeof url !== 'string' || url.length > longestUrl)
    throw wrong('the URL of a file is wanted', `${expression}.url`)
  try {
    return { type, url: checkAddress(url, isDevelopment).href }
  } catch (cause) {
    throw wrong(`the file cannot be fetched: ${(cause as Error).message}`, `${expression}.url`)
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Of a client: shortened. */
function quoted(value: unknown): string {
  return value === undefined ? 'nothing' : `"${String(value).slice(0, 100)}"`
}

function wrong(reason: string, expression?: string): Problem {
  const where = expression === undefined ? '' : ` ${expression}:`
  return new Problem('incorrect', `Cannot import:${where} ${reason}`, { ...(expression && { expression }) })
}
