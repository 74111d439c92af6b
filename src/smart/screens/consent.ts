import { type Content, errorSummary, type FieldError, field, hidden, html, type Markup, type Page } from '#ui'
import { type ConsentPart, consentParts } from './consent-parts.ts'
import { appCard, type FlowFrame, flowFields, flowFramed, flowHidden } from './frame.ts'
import { groupOf, type RecordGroup, recordGroups } from './record-groups.ts'
import { type Texts, textsIn } from './texts.ts'

/**
 * `patient` is whose record the page showed; `scope` comes once for each tick; `offline` is "yes" or absent; `decision` is
 * "allow" or "deny".
 */
export const consentFields = {
  ...flowFields,
  patient: 'patient',
  scope: 'scope',
  offline: 'offline',
  until: 'until',
  decision: 'decision',
} as const

/** Step "consent". */
export interface ConsentPage extends FlowFrame {
  /** As the app asked, all of it. */
  readonly requested: string
  readonly personName: string
  /** Id of whose record is in context. */
  readonly patient?: string | undefined
  readonly patientName?: string | undefined
  /** What was ticked, when the form comes back; everything at first. */
  readonly ticked?: readonly string[]
  /** Where offline_access was asked for: dates as YYYY-MM-DD. */
  readonly offline?: {
    readonly isTicked: boolean
    readonly until: string
    readonly earliest: string
    readonly latest: string
  }
  readonly errors?: readonly FieldError[]
}

export function consentPage(data: ConsentPage): Page {
  const { consent } = textsIn(data.language)
  return flowFramed(data, {
    title: consent.title(data.app.name),
    main: (texts) => html`${appCard(data.app, texts)}
<h1>${consent.title(data.app.name)}</h1>
${data.patientName !== undefined && html`<p class="lead">${consent.forPatient(data.patientName)}</p>`}
${data.signedIn === undefined && html`<p class="quiet">${texts.signIn.signedInAs(data.personName)}</p>`}
${errorSummary(texts.common.somethingWrong, data.errors ?? [])}
<form method="post" action="${data.action}">${flowHidden(data, 'consent')}${data.patient !== undefined && hidden(consentFields.patient, data.patient)}
<div id="${consentFields.scope}" tabindex="-1">${records(data, texts)}</div>
${offline(data, texts)}${limits(data, texts)}
<div class="choices">
<button name="${consentFields.decision}" value="deny">${consent.deny}</button>
<button name="${consentFields.decision}" value="allow">${consent.allow}</button></div>
<p class="quiet">${consent.stop}</p></form>`,
  })
}

const levels = ['patient', 'user', 'system'] as const

function records(data: ConsentPage, texts: Texts): Content {
  const parts = consentParts(data.requested)
  const ticked = new Set(data.ticked ?? parts.map(({ value }) => value))
  const legends = {
    patient: texts.consent.legendPatient(data.app.name),
    user: texts.consent.legendUser(data.app.name),
    system: texts.consent.legendSystem,
  }
  return levels.map((level) => {
    const ofLevel = parts.filter((part) => part.level === level)
    if (ofLevel.length === 0) return undefined
    return html`<section aria-labelledby="${level}-records"><h2 id="${level}-records">${legends[level]}</h2>
<p class="quiet">${texts.consent.lead}</p>
${groupsIn(ofLevel).map(([group, inGroup]) => groupOfRecords(group, inGroup, ticked, texts))}</section>`
  })
}

function groupsIn(parts: readonly ConsentPart[]): readonly (readonly [RecordGroup, readonly ConsentPart[]])[] {
  const order = [...(Object.keys(recordGroups) as RecordGroup[]), 'other' as const]
  const byGroup = Map.groupBy(parts, ({ type }) => groupOf(type))
  return order.flatMap((group) => {
    const found = byGroup.get(group)
    return found ? [[group, found] as const] : []
  })
}

/** Folded while all of it is ticked, so that nothing that was taken away hides; one box alone needs no folding. */
function groupOfRecords(
  group: RecordGroup,
  parts: readonly ConsentPart[],
  ticked: ReadonlySet<string>,
  texts: Texts,
): Markup {
  const byType = [...Map.groupBy(parts, ({ type }) => type)]
  const boxes = byType.map(([type, ofType]) => {
    return html`<div class="type">${ofType.map((part) => choice(part, typeName(type, texts), ticked, texts))}</div>`
  })
  const [only] = parts
  if (parts.length === 1 && only?.instead.length === 0) return html`<div class="group single">${boxes}</div>`
  const isOpen = parts.some(({ value }) => !ticked.has(value))
  const names = byType.map(([type]) => typeName(type, texts)).join(', ')
  const { all, some, none } = texts.consent
  return html`<details class="group"${isOpen && html` open`}><summary>${texts.groups[group]}
<span class="state"><span class="all">${all}</span><span class="some">${some}</span><span class="none">${none}</span></span>
<span class="names">${names}</span></summary><div>${boxes}</div></details>`
}

function choice(part: ConsentPart, type: string, ticked: ReadonlySet<string>, texts: Texts): Markup {
  const { consent } = texts
  const name = part.category === undefined ? type : consent.only(type, categoryName(part.category, texts))
  const doing = part.doing === 'see' ? consent.see : consent.change
  return html`${tick(part.value, `${doing}: ${name}`, { ticked, small: part.value })}
${
  part.instead.length > 0 &&
  html`<fieldset class="parts"><legend>${consent.categoriesOf(type)}</legend>
${part.instead.map(({ value, category }) => tick(value, categoryName(category, texts), { ticked }))}</fieldset>`
}`
}

interface Tick {
  readonly ticked: ReadonlySet<string>
  /** The scope itself, for those who know it. */
  readonly small?: string
}

function tick(value: string, label: string, { ticked, small }: Tick): Markup {
  return html`<label class="tick"><input type="checkbox" name="${consentFields.scope}" value="${value}"${ticked.has(value) && html` checked`}>
<span>${label}${small !== undefined && html`<small>${small}</small>`}</span></label>`
}

function typeName(type: string, { types }: Texts): string {
  return types[type] ?? type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()
}

function categoryName(category: string, { categories }: Texts): string {
  return categories[category] ?? category
}

function offline({ offline: asked, errors = [] }: ConsentPage, texts: Texts): Content {
  if (!asked) return undefined
  const { consent } = texts
  return html`<h2>${consent.offlineTitle}</h2><div class="box">
<label class="tick"><input type="checkbox" name="${consentFields.offline}" value="yes"${asked.isTicked && html` checked`}>
<span>${consent.offline}<small>${consent.offlineHint}</small></span></label>
${field({
  ...{ name: consentFields.until, label: consent.until, type: 'date', value: asked.until, errors },
  ...{ min: asked.earliest, max: asked.latest, hint: `${consent.untilHint} ${asked.latest}` },
})}</div>`
}

function limits({ app, requested }: ConsentPage, { consent }: Texts): Markup {
  const parts = consentParts(requested)
  const isIdentified = requested.split(' ').some((scope) => ['openid', 'fhirUser', 'profile'].includes(scope))
  return html`<h2>${consent.cannotTitle(app.name)}</h2><ul class="plain">
${parts.every(({ doing }) => doing === 'see') && html`<li>${consent.cannotChange}</li>`}
<li>${consent.cannotOthers}</li>
${parts.every(({ level }) => level === 'patient') && html`<li>${consent.cannotPeople}</li>`}
<li>${consent.cannotPassword}</li></ul>
${isIdentified && html`<p>${consent.identity(app.name)}</p>`}
<p class="quiet">${consent.after(app.name)}${app.policy !== undefined && ` ${consent.policySays}`}</p>`
}
