import { type Content, errorSummary, type FieldError, field, html, type Markup, type Page } from '#ui'
import { calendarDate } from './dates.ts'
import { type FlowFrame, flowFields, flowFramed, flowHidden } from './frame.ts'
import { type Texts, textsIn } from './texts.ts'

export const pickerFields = {
  ...flowFields,
  name: 'name',
  birthDate: 'birthdate',
  recordNumber: 'mrn',
  patient: 'patient',
} as const

/** What tells one patient from another. */
export interface PatientCard {
  readonly id: string
  readonly name: string
  readonly birthDate?: string | undefined
  readonly sex?: string | undefined
  readonly recordNumber?: string | undefined
  /** How the signed-in person is linked: self, parent, guardian, proxy. */
  readonly kind?: string | undefined
}

export interface PatientQuery {
  readonly name?: string
  readonly birthDate?: string
  readonly recordNumber?: string
}

/**
 * Step "search-patient" posts a search, step "choose-patient" a choice. Nobody is chosen beforehand: a guardian who presses
 * Enter must not share the wrong child's record.
 */
export interface PatientPickerPage extends FlowFrame {
  readonly people:
    | { readonly from: 'links'; readonly patients: readonly PatientCard[] }
    | {
        readonly from: 'search'
        readonly query?: PatientQuery
        /** Undefined: nothing was searched for yet. */
        readonly found?: readonly PatientCard[]
        readonly hasMore?: boolean
        readonly recent?: readonly PatientCard[]
        /** In a sandbox, while few are recent. */
        readonly examples?: readonly PatientCard[]
      }
  readonly errors?: readonly FieldError[]
}

export function patientPickerPage(data: PatientPickerPage): Page {
  const { patient } = textsIn(data.language)
  const { people } = data
  return flowFramed(data, {
    title: patient.title,
    main: (texts) => html`<h1>${patient.title}</h1>
<p class="lead">${people.from === 'links' ? patient.leadPerson(data.app.name) : patient.leadStaff(data.app.name)}</p>
${errorSummary(texts.common.somethingWrong, data.errors ?? [])}
${people.from === 'links' ? linked(data, people.patients, texts) : searched(data, people, texts)}`,
  })
}

function linked(data: PatientPickerPage, patients: readonly PatientCard[], texts: Texts): Content {
  if (patients.length === 0) return html`<div class="note"><p>${texts.patient.nobodyLinked}</p></div>`
  return choice(data, patients, texts.patient.people, texts)
}

type Search = Extract<PatientPickerPage['people'], { readonly from: 'search' }>

function searched(data: PatientPickerPage, people: Search, texts: Texts): Content {
  const { query = {}, found, hasMore, recent = [], examples = [] } = people
  const { patient } = texts
  const errors = data.errors ?? []
  const form = html`<form method="post" action="${data.action}" role="search">${flowHidden(data, 'search-patient')}
${field({ name: pickerFields.name, label: patient.name, hint: patient.nameHint, value: query.name, type: 'search', errors })}
<div class="row">
${field({ name: pickerFields.birthDate, label: patient.birthDate, value: query.birthDate, type: 'date', errors })}
${field({ name: pickerFields.recordNumber, label: patient.recordNumber, value: query.recordNumber, errors })}
<button>${patient.search}</button></div></form>`
  if (found === undefined) {
    const [shown, title] = [[...recent, ...examples], examples.length > 0 ? patient.examples : patient.recent]
    if (shown.length === 0) return html`<p>${patient.searchFirst}</p>${form}`
    return html`${form}<h2>${title}</h2>${choice(data, shown, title, texts)}`
  }
  if (found.length === 0) return html`${form}<div class="note" role="status"><p>${patient.nothingFound}</p></div>`
  const legend = patient.found(found.length)
  return html`${form}<h2 role="status">${legend}</h2>
${hasMore && html`<p class="quiet">${patient.more(found.length)}</p>`}${choice(data, found, legend, texts)}`
}

function choice(data: PatientPickerPage, patients: readonly PatientCard[], legend: string, texts: Texts): Markup {
  return html`<form method="post" action="${data.action}">${flowHidden(data, 'choose-patient')}
<div role="radiogroup" aria-label="${legend}" id="${pickerFields.patient}" tabindex="-1"><ul class="cards">${patients.map((each) => radio(each, texts))}</ul></div>
<button class="wide">${texts.common.continue}</button></form>`
}

function radio(card: PatientCard, texts: Texts): Markup {
  const { bornOn, sex, recordNumber } = texts.common
  const facts: readonly (readonly [string, Content])[] = [
    [bornOn, card.birthDate !== undefined && calendarDate(card.birthDate, texts)],
    [sex, card.sex !== undefined && (texts.sexes[card.sex] ?? card.sex)],
    [recordNumber, card.recordNumber],
  ]
  const told = facts.filter(([, fact]) => fact !== undefined && fact !== false)
  return html`<li><label class="card"><input type="radio" name="${pickerFields.patient}" value="${card.id}" required>
<span><strong>${card.name}</strong>${card.kind !== undefined && html`<span class="quiet">${texts.kinds[card.kind] ?? texts.kinds.proxy}</span> `}
${told.map(([label, fact]) => html`<span class="fact"><span class="quiet">${label}</span> ${fact}</span> `)}</span></label></li>`
}
