import type { Reply } from '#http'
import { worksHere } from '../actor.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { type ConsentPage, consentFields, consentPage } from '../screens/consent.ts'
import { fitOnPage, grantedScopes } from '../screens/consent-parts.ts'
import { fieldOf, fieldsOf } from '../screens/page-endpoint.ts'
import type { Decision, KeptVisit } from './decision.ts'
import { flowFrame, show, textsFor } from './flow-frame.ts'
import { everythingOffered, giveCode } from './give-code.ts'
import { actorIn, asksFor, offeredIn, patientIn, readerIn, type Visit } from './visit.ts'

/** The person allows it, as far as they like. Staff whose practice has said so for an app that it trusts are not asked. */
export const consent: Decision = {
  error: 'consent_required',
  isOpen(visit) {
    refuseNothing(visit)
    if (visit.app.record.skipConsent && worksHere(actorIn(visit))) return false
    if (fitOnPage(offeredIn(visit).resources)) return true
    throw new OAuthProblem('invalid_scope', 'The scopes asked for are more than a person can be asked: ask for fewer')
  },
  page: (visit) => consentForm(visit, {}),
  takes: {
    async consent(visit, form) {
      refuseNothing(visit)
      if (fieldOf(form, consentFields.decision) !== 'allow') {
        throw new OAuthProblem('access_denied', 'The person did not allow it')
      }
      // another one was chosen meanwhile, in another tab
      if (fieldOf(form, consentFields.patient) !== (patientIn(visit) ?? '')) return consentForm(visit, {})
      const ticked = fieldsOf(form, consentFields.scope)
      const offered = offeredIn(visit)
      const resources = grantedScopes(offered.resources.map(({ text }) => text).join(' '), ticked)
      if (resources.length === 0 && offered.resources.length > 0) {
        throw new OAuthProblem('access_denied', 'The person allowed none of the records that were asked for')
      }
      const isOffline = asksFor(offered, 'offline_access') && fieldOf(form, consentFields.offline) === 'yes'
      if (!isOffline) return giveCode(visit, { resources, isOffline })
      const asked = fieldOf(form, consentFields.until) || dayIn(visit, usualDays)
      if (isDayWithin(visit, asked)) return giveCode(visit, { resources, isOffline, until: endOf(asked) })
      return consentForm(visit, { ticked, until: asked })
    },
  },
}

/** Before anybody is asked: there is nothing that they could allow. */
function refuseNothing(visit: Visit): void {
  const offered = offeredIn(visit)
  if (offered.resources.length === 0 && offered.asksForResources) {
    throw new OAuthProblem(
      'invalid_scope',
      'None of the scopes asked for can be given: the app did not register them, the practice does not permit them to it, or the person does not have them',
    )
  }
  if (offered.resources.length === 0 && offered.others.length === 0) {
    throw new OAuthProblem('invalid_scope', 'None of the scopes asked for is known here')
  }
}

async function consentForm(visit: KeptVisit, again: { ticked?: readonly string[]; until?: string }): Promise<Reply> {
  const offered = offeredIn(visit)
  const patient = patientIn(visit)
  const card =
    patient === undefined ? undefined : await visit.parts.charts.patient(visit.practice, readerIn(visit), patient)
  const page: ConsentPage = {
    ...(await flowFrame(visit)),
    requested: everythingOffered(offered),
    personName: actorIn(visit).name,
    patient,
    patientName: card?.name,
    ...(asksFor(offered, 'offline_access') && {
      offline: {
        isTicked: true,
        until: again.until ?? dayIn(visit, usualDays),
        earliest: dayIn(visit, 1),
        latest: dayIn(visit, mostDays),
      },
    }),
    ...(again.ticked && { ticked: again.ticked }),
    ...(again.until !== undefined && {
      errors: [{ field: consentFields.until, sentence: textsFor(visit).consent.untilWrong(dayIn(visit, mostDays)) }],
    }),
  }
  const shown = consentPage(page)
  return show(visit, again.until === undefined ? shown : { ...shown, status: 400 })
}

const usualDays = 365
const mostDays = 3650

/** A day from now on, in the practice's time zone. */
function dayIn({ parts, practice }: Visit, days: number): string {
  const { timeZone } = parts.settingsOf(practice)
  return new Date(parts.now() + days * 86_400_000).toLocaleDateString('sv', { timeZone })
}

function isDayWithin(visit: Visit, day: string): boolean {
  return (
    /^\d{4}-\d\d-\d\d$/.test(day) &&
    !Number.isNaN(Date.parse(day)) &&
    day >= dayIn(visit, 1) &&
    day <= dayIn(visit, mostDays)
  )
}

/** When it has ended everywhere. */
function endOf(day: string): Date {
  return new Date(Date.parse(day) + 36 * 3_600_000)
}
