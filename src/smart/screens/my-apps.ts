import { type Content, errorSummary, hidden, html, type Markup, type Page } from '#ui'
import { day, moment, type Place, timeOfDay } from './dates.ts'
import { type AppCard, appCard, type Frame, framed } from './frame.ts'
import { summaryOf } from './summary.ts'
import { type Texts, textsIn } from './texts.ts'

/** `step` is "ask" or "stop". */
export const myAppsFields = { csrf: 'csrf', grant: 'grant', step: 'step' } as const

/** An app that may use records because this person allowed it. */
export interface AllowedApp {
  /** Id of the grant. */
  readonly grant: string
  readonly app: AppCard
  readonly scope: string
  readonly patientName?: string | undefined
  readonly since: Date
  readonly lastUsed?: Date | undefined
  /** Of offline access; undefined: it ends with the sign-in. */
  readonly until?: Date | 'open' | undefined
}

export interface MyAppsPage extends Frame {
  readonly action: string
  readonly signOut: string
  readonly csrf: string
  readonly personName: string
  readonly apps: readonly AllowedApp[]
  /** The grant that is about to be stopped: asked once more. */
  readonly asked?: string | undefined
  readonly stopped?: { readonly app: string; readonly at: Date } | undefined
  /** Why nothing was done. */
  readonly error?: string | undefined
}

export function myAppsPage(data: MyAppsPage): Page {
  const { myApps } = textsIn(data.language)
  return framed(data, {
    title: myApps.title,
    images: data.apps.map(({ app }) => app.logo),
    main: (texts) => html`<h1>${myApps.title}</h1>
${data.apps.length > 0 && html`<p class="lead">${myApps.lead(data.brand.name)}</p>`}
${data.stopped && html`<div class="note good" role="status"><p>${stoppedText(data, data.stopped, texts)}</p></div>`}
${data.error !== undefined && errorSummary(texts.common.somethingWrong, [{ sentence: data.error }])}
${data.apps.length === 0 && html`<div class="note"><p>${myApps.empty}</p></div>`}
${data.apps.map((each) => allowed(each, data, texts))}
<p class="quiet">${myApps.signedInAs(data.personName)} · <a href="${data.signOut}">${myApps.signOut}</a></p>`,
  })
}

function stoppedText({ timeZone }: Frame, { app, at }: NonNullable<MyAppsPage['stopped']>, texts: Texts): string {
  return texts.myApps.stopped(timeOfDay(at, { timeZone, texts }), app)
}

function allowed(each: AllowedApp, data: MyAppsPage, texts: Texts): Markup {
  const { myApps } = texts
  const place = { timeZone: data.timeZone, texts }
  const facts: readonly (readonly [string, Content])[] = [
    [myApps.of, each.patientName],
    [myApps.what, summaryOf(each.scope, texts)],
    [myApps.since, day(each.since, place)],
    [myApps.lastUsed, each.lastUsed ? moment(each.lastUsed, place) : myApps.never],
    [myApps.until, untilText(each.until, place)],
  ]
  const told = facts.filter(([, fact]) => fact !== undefined && fact !== '')
  return html`<section class="box allowed" aria-label="${each.app.name}">${appCard(each.app, texts)}
${each.until && html`<p><span class="badge">${myApps.offline}</span></p>`}
<dl class="facts">${told.map(([label, fact]) => html`<div><dt>${label}</dt><dd>${fact}</dd></div>`)}</dl>
${data.asked === each.grant ? confirmation(each, data, texts) : button(each, data, texts)}</section>`
}

function untilText(until: AllowedApp['until'], place: Place): Content {
  const { myApps } = place.texts
  if (until === undefined) return myApps.untilSignOut
  if (until === 'open') return myApps.untilStopped
  // It ends at noon UTC of the day after the last one, when that is over everywhere (`steps/consent.ts`).
  return day(new Date(until.getTime() - dayMs), place)
}

const dayMs = 86_400_000

function button({ grant, app }: AllowedApp, { action, csrf }: MyAppsPage, { myApps }: Texts): Markup {
  return html`<form method="post" action="${action}">${held(grant, csrf, 'ask')}
<button class="plain">${myApps.stop}<span class="visually-hidden">: ${app.name}</span></button></form>`
}

function confirmation({ grant, app }: AllowedApp, { action, csrf }: MyAppsPage, { myApps }: Texts): Markup {
  return html`<div class="errors" role="alert"><h2>${myApps.confirmTitle(app.name)}</h2>
<p>${myApps.confirm(app.name)}</p>
<form method="post" action="${action}" class="row">${held(grant, csrf, 'stop')}
<button>${myApps.stop}</button><a class="button plain" href="${action}">${myApps.keep}</a></form></div>`
}

function held(grant: string, csrf: string, step: 'ask' | 'stop'): Markup {
  return html`${hidden(myAppsFields.csrf, csrf)}${hidden(myAppsFields.grant, grant)}${hidden(myAppsFields.step, step)}`
}
