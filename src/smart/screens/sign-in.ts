import { type Content, errorSummary, type FieldError, field, hidden, html, type Page } from '#ui'
import { appCard, type FlowFrame, type Frame, flowFields, flowFramed, flowHidden, framed } from './frame.ts'
import { type Texts, textsIn } from './texts.ts'

export const signInFields = { ...flowFields, username: 'username', password: 'password', next: 'next' } as const

/** A made-up person of the sandbox. */
export interface Persona {
  readonly username: string
  readonly password: string
  /** Such as "Dr. Ada Weber, clinician". */
  readonly about: string
}

interface SignInData {
  /** What was typed, when the form comes back. */
  readonly username?: string
  readonly errors?: readonly FieldError[]
  /** Of the sandbox only. */
  readonly personas?: readonly Persona[]
}

/** Sign-in on behalf of an app; step "sign-in", or "cancel" by the other button. */
export interface SignInPage extends FlowFrame, SignInData {}

export function signInPage(data: SignInPage): Page {
  const { signIn } = textsIn(data.language)
  return flowFramed(data, {
    title: signIn.title,
    main: (texts) => html`${appCard(data.app, texts)}
<h1>${signIn.title}</h1>
<p class="lead">${signIn.lead(data.brand.name, data.app.name)}</p>
${form(data, data.action, flowHidden(data, 'sign-in'))}
<form method="post" action="${data.action}">${flowHidden(data, 'cancel')}
<button class="plain wide">${signIn.cancel(data.app.name)}</button></form>
${personas(data, data.action, flowHidden(data, 'sign-in'))}`,
  })
}

/** Sign-in to the practice's own pages: my apps. */
export interface OwnSignInPage extends Frame, SignInData {
  readonly action: string
  readonly csrf: string
  /** Which page comes then, where it is not my apps. */
  readonly next?: string | undefined
}

export function ownSignInPage(data: OwnSignInPage): Page {
  const { signIn } = textsIn(data.language)
  const held = html`${hidden(signInFields.csrf, data.csrf)}${data.next !== undefined && hidden(signInFields.next, data.next)}`
  return framed(data, {
    title: signIn.title,
    main: () => html`<h1>${signIn.title}</h1>
<p class="lead">${signIn.leadAlone(data.brand.name)}</p>
${form(data, data.action, held)}${personas(data, data.action, held)}`,
  })
}

function form({ username, errors = [], language }: SignInData & Frame, action: string, held: Content): Content {
  const { signIn, common } = textsIn(language)
  return html`${errorSummary(common.somethingWrong, errors)}
<form method="post" action="${action}" novalidate>${held}
${field({ name: signInFields.username, label: signIn.username, value: username, autocomplete: 'username', isRequired: true, errors })}
${field({ name: signInFields.password, label: signIn.password, type: 'password', autocomplete: 'current-password', isRequired: true, errors })}
<p><button class="wide">${signIn.submit}</button></p>
</form>`
}

function personas({ personas: people = [], language }: SignInData & Frame, action: string, held: Content): Content {
  if (people.length === 0) return undefined
  const { signIn } = textsIn(language)
  return html`<section aria-labelledby="personas"><h2 id="personas">${signIn.personas}</h2>
<p class="quiet">${signIn.personasLead}</p>
<ul class="cards">${people.map((persona) => personaCard(persona, signIn, action, held))}</ul></section>`
}

function personaCard(persona: Persona, words: Texts['signIn'], action: string, held: Content): Content {
  return html`<li class="card persona"><div><strong>${persona.about}</strong>
<dl><div><dt>${words.username}</dt><dd><code>${persona.username}</code></dd></div>
<div><dt>${words.password}</dt><dd><code>${persona.password}</code></dd></div></dl></div>
<form method="post" action="${action}">${held}${hidden(signInFields.username, persona.username)}${hidden(signInFields.password, persona.password)}
<button class="plain">${words.submit}<span class="visually-hidden">: ${persona.about}</span></button></form></li>`
}
