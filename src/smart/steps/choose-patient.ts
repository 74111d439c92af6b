import type { Asked } from '#http'
import { Problem } from '#lib'
import { personasAt } from '#platform'
import { isLinkedTo, worksHere } from '../actor.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { fieldOf, leadTo } from '../screens/page-endpoint.ts'
import {
  type PatientCard,
  type PatientPickerPage,
  type PatientQuery,
  patientPickerPage,
  pickerFields,
} from '../screens/patient-picker.ts'
import { recentPatients } from '../sessions/recent-store.ts'
import { changePending } from '../tokens/tx-store.ts'
import type { Decision, KeptVisit } from './decision.ts'
import { continueUrl, flowFrame, show, textsFor } from './flow-frame.ts'
import { actorIn, nameOf, needsPatient, offeredIn, patientIn, readerIn, type Visit } from './visit.ts'

/** The patient in context is known, where there has to be one. Nobody is chosen beforehand. */
export const choosePatient: Decision = {
  error: 'interaction_required',
  isOpen(visit) {
    refuseStrangers(visit)
    return needsPatient(offeredIn(visit)) && patientIn(visit) === undefined
  },
  page: (visit) => picker(visit, {}),
  takes: {
    async 'search-patient'(visit, form) {
      if (!worksHere(actorIn(visit))) return picker(visit, {})
      const query = queryIn(form)
      if (Object.keys(query).length === 0) {
        return picker(visit, {
          errors: [{ field: pickerFields.name, sentence: textsFor(visit).patient.askSearch }],
        })
      }
      try {
        const { found, hasMore } = await visit.parts.charts.findPatients(visit.practice, readerIn(visit), query)
        return picker(visit, { people: { from: 'search', query, found, hasMore } })
      } catch (problem) {
        if (!(problem instanceof Problem) || problem.kind !== 'incorrect') throw problem
        return picker(visit, { people: { from: 'search', query }, errors: [{ sentence: problem.message }] })
      }
    },
    async 'choose-patient'(visit, form) {
      const patient = fieldOf(form, pickerFields.patient)
      if (!(await mayChoose(visit, patient))) {
        return picker(visit, { errors: [{ field: pickerFields.patient, sentence: textsFor(visit).patient.chooseOne }] })
      }
      const { encounter: _, ...pending } = visit.pending
      const chosen = { ...pending, chosenBy: nameOf(actorIn(visit)), patient }
      await changePending(visit.parts.db, visit.practice.number, visit.id, chosen)
      return leadTo(continueUrl(visit, visit.id))
    },
  },
}

/** MOF-10: a patient user needs a record before any token; and a launch is about one of their own. */
function refuseStrangers(visit: Visit): void {
  const actor = actorIn(visit)
  if (worksHere(actor)) return
  const { name } = visit.practice
  if (actor.patients.length === 0)
    throw new OAuthProblem('access_denied', `This account is linked to no patient at ${name}`)
  const launched = visit.pending.launch?.context.patient
  if (launched !== undefined && !isLinkedTo(actor, launched)) {
    throw new OAuthProblem('access_denied', 'The launch is about a patient to whom this account is not linked')
  }
}

async function mayChoose(visit: Visit, patient: string): Promise<boolean> {
  const actor = actorIn(visit)
  if (!worksHere(actor)) return isLinkedTo(actor, patient)
  return (await visit.parts.charts.patient(visit.practice, readerIn(visit), patient)) !== undefined
}

function queryIn(form: Asked['form']): PatientQuery {
  const [name, birthDate, recordNumber] = [pickerFields.name, pickerFields.birthDate, pickerFields.recordNumber].map(
    (field) => fieldOf(form, field).trim(),
  )
  return { ...(name && { name }), ...(birthDate && { birthDate }), ...(recordNumber && { recordNumber }) }
}

async function picker(visit: KeptVisit, more: Partial<Pick<PatientPickerPage, 'people' | 'errors'>>) {
  const people = more.people ?? (await peopleFor(visit))
  const page = patientPickerPage({ ...(await flowFrame(visit)), people, ...(more.errors && { errors: more.errors }) })
  return show(visit, more.errors ? { ...page, status: 400 } : page)
}

const mostRecent = 5

/** Before a search: whom staff opened last and may see still; to a patient or guardian those linked to them. */
async function peopleFor(visit: KeptVisit): Promise<PatientPickerPage['people']> {
  const { parts, practice } = visit
  const actor = actorIn(visit)
  if (!worksHere(actor)) return { from: 'links', patients: actor.patients }
  const { username } = actor
  const ids = username === undefined ? [] : await recentPatients(parts.db, practice.number, username, mostRecent)
  const found = await Promise.all(ids.map((id) => parts.charts.patient(practice, readerIn(visit), id)))
  const recent = found.filter((each) => each !== undefined)
  const examples = (await examplesFor(visit)).filter(({ id }) => !ids.includes(id))
  return { from: 'search', recent, examples: examples.slice(0, mostRecent - recent.length) }
}

/** A newcomer to a sandbox knows nobody's name. */
async function examplesFor(visit: KeptVisit): Promise<readonly PatientCard[]> {
  const { parts, practice } = visit
  if ((await personasAt(parts.db, practice.number)).length === 0) return []
  const { found } = await parts.charts.findPatients(practice, readerIn(visit), {})
  return found
}
