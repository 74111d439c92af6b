import { errorSummary, type FieldError, html, type Markup, type Page } from '#ui'
import { moment } from './dates.ts'
import { type FlowFrame, flowFields, flowFramed, flowHidden } from './frame.ts'
import { type Texts, textsIn } from './texts.ts'

export const encounterFields = { ...flowFields, encounter: 'encounter' } as const

export interface EncounterCard {
  readonly id: string
  /** Such as "Office visit". */
  readonly what: string
  readonly from?: Date | undefined
  readonly with?: string | undefined
}

/** Step "choose-encounter"; an empty choice means that there is none. */
export interface EncounterPickerPage extends FlowFrame {
  readonly patientName: string
  /** Newest first. */
  readonly encounters: readonly EncounterCard[]
  readonly errors?: readonly FieldError[]
}

export function encounterPickerPage(data: EncounterPickerPage): Page {
  const { encounter } = textsIn(data.language)
  return flowFramed(data, {
    title: encounter.title,
    main: (texts) => html`<h1>${encounter.title}</h1>
<p class="lead">${encounter.lead(data.app.name, data.patientName)}</p>
${errorSummary(texts.common.somethingWrong, data.errors ?? [])}
${data.encounters.length === 0 && html`<p>${encounter.noVisits}</p>`}
<form method="post" action="${data.action}">${flowHidden(data, 'choose-encounter')}
<div role="radiogroup" aria-label="${encounter.legend}" id="${encounterFields.encounter}" tabindex="-1"><ul class="cards">
${data.encounters.map((each) => visit(each, data, texts))}
<li><label class="card"><input type="radio" name="${encounterFields.encounter}" value="" required>
<span><strong>${encounter.none}</strong><span class="quiet">${encounter.noneHint}</span></span></label></li></ul></div>
<button class="wide">${texts.common.continue}</button></form>`,
  })
}

function visit(card: EncounterCard, { timeZone }: EncounterPickerPage, texts: Texts): Markup {
  return html`<li><label class="card"><input type="radio" name="${encounterFields.encounter}" value="${card.id}" required>
<span><strong>${card.what}</strong>${card.from && html`<span class="fact">${moment(card.from, { timeZone, texts })}</span> `}${card.with !== undefined && html`<span class="fact quiet">${card.with}</span>`}</span></label></li>`
}
