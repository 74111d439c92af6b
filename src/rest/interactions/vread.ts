import { refusal, seeAs } from '#access'
import { isId } from '#fhir'
import { type Answer, type Call, wantsContent } from '#http'
import { Problem } from '#lib'
import { servedContent } from '../binary/served-content.ts'
import type { RestOptions } from '../options.ts'
import { idAt, onlyOffered, resourceTypeAt } from '../resource-type.ts'
import { shapeAsked } from './read.ts'

/** https://hl7.org/fhir/R4/http.html#vread */
export function vread({ storeOf, rulesOf }: RestOptions) {
  return async (call: Call): Promise<Answer> => {
    const { practice, principal, path, parameters } = call
    const type = resourceTypeAt(practice, path.type ?? '')
    const id = idAt(path.id ?? '')
    const version = versionAt(path.version ?? '')
    const who = await principal
    const rules = await rulesOf(practice, who)
    const see = onlyOffered(practice, seeAs(who, 'read', rules))
    if (!see(type)) throw refusal(who, 'read', type, rules)
    const found = version === undefined ? undefined : await storeOf(practice).readVersion(see, type, id, version)
    if (!found || found.state === 'none') {
      throw new Problem(
        'not-found',
        `Version ${path.version} of ${type}/${id} is not known: its history lists those that are`,
      )
    }
    if (found.state === 'deleted') throw new Problem('gone', `Version ${version} of ${type}/${id} is its deletion`)
    if (type === 'Binary' && wantsContent(call)) return servedContent(found.row)
    const { body, updated } = found.row
    const shape = parameters.length > 0 ? shapeAsked(parameters) : undefined
    return { body: shape ? shape(type, body) : body, version: String(version), updated }
  }
}

/** Ours are numbers; undefined: one that was never given. */
function versionAt(version: string): number | undefined {
  if (!isId(version)) {
    throw new Problem(
      'incorrect',
      `"${version}" is not the id of a version: at most 64 letters, digits, "-" and "." are`,
      {
        issue: 'value',
      },
    )
  }
  return /^[1-9]\d*$/.test(version) ? Number(version) : undefined
}
