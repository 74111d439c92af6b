import type { IncomingHttpHeaders } from 'node:http'
import type { Practice } from '#http'
import { Problem } from '#lib'
import type { Change } from '#store'

const entityTag = /^(?:W\/)?"([\x21\x23-\x7e]*)"$/

/** The versions that `If-Match` names; undefined without it. https://hl7.org/fhir/R4/http.html#concurrency */
export function ifMatchOf({ 'if-match': given }: IncomingHttpHeaders): Change['ifMatch'] {
  return given === undefined ? undefined : versionsIn(given)
}

/** As `ifMatchOf`, of the text itself: an entry of a Bundle has it as a member. */
export function versionsIn(given: string): NonNullable<Change['ifMatch']> {
  if (given.trim() === '*') return 'any'
  return given.split(',').map((tag) => {
    const [, version] = entityTag.exec(tag.trim()) ?? []
    if (version === undefined) {
      throw new Problem('incorrect', `If-Match cannot be read: "${given}" is not a version such as W/"3"`, {
        issue: 'value',
        expression: 'If-Match',
      })
    }
    // a tag that is none of ours matches no version
    return /^\d{1,9}$/.test(version) ? Number(version) : 0
  })
}

/** MOF-4: where the dialect asks for it, a change names the version that it was made from. */
export function requireIfMatch(ifMatch: Change['ifMatch'], { updateNeedsIfMatch }: Practice['dialect']) {
  if (ifMatch !== undefined || !updateNeedsIfMatch) return
  throw new Problem(
    'incorrect',
    'The header If-Match is missing: an update names the version that it replaces, such as If-Match: W/"3"',
    { issue: 'required', expression: 'If-Match' },
  )
}

/** `If-None-Match: *`: create, and touch nothing that is there. */
export function isOnlyNew({ 'if-none-match': given }: IncomingHttpHeaders): boolean {
  if (given === undefined) return false
  if (given.trim() === '*') return true
  throw new Problem('incorrect', `If-None-Match cannot be applied to a write: "${given}" is not *`, {
    issue: 'not-supported',
    expression: 'If-None-Match',
  })
}
