import { type Branding, type Content, hidden, html, type Markup, type Page, page, safeUrl } from '#ui'
import { type Texts, textsIn } from './texts.ts'

/** What every page is told. */
export interface Frame {
  readonly brand: Branding
  /** Of `languageOf`. */
  readonly language?: string
  /** IANA name, in which dates are told. */
  readonly timeZone: string
  readonly requestId: string
}

/** An app as people see it. */
export interface AppCard {
  readonly name: string
  readonly developer?: string | undefined
  readonly isVerified: boolean
  readonly logo?: string | undefined
  readonly policy?: string | undefined
  readonly terms?: string | undefined
}

/** A page within an authorization request. Its forms post to `action`, with `fields.pending` and `fields.csrf` in them. */
export interface FlowFrame extends Frame {
  readonly app: AppCard
  readonly action: string
  /** Id of the pending request. */
  readonly pending: string
  readonly csrf: string
  /** The redirect URI, where the browser goes in the end. */
  readonly returnsTo: string
  /** Name of who is signed in here, so that another may sign in in their place: step "switch-person". */
  readonly signedIn?: string
  /** Origins that may show the page in a frame; none unless given. */
  readonly frameAncestors?: readonly string[]
}

/** Names that all forms share; those of one page stand beside it. */
export const flowFields = { pending: 'pending', csrf: 'csrf', step: 'step' } as const

export function flowHidden({ pending, csrf }: FlowFrame, step: string): Markup {
  return html`${hidden(flowFields.pending, pending)}${hidden(flowFields.csrf, csrf)}${hidden(flowFields.step, step)}`
}

interface Parts {
  readonly title: string
  readonly main: (texts: Texts) => Content
  readonly status?: number
  readonly images?: readonly (string | undefined)[]
  readonly formLeadsTo?: string | undefined
}

export function framed(frame: Frame, { title, main, status, images, formLeadsTo }: Parts): Page {
  const texts = textsIn(frame.language)
  return page({
    ...{ language: texts.tag, title, brand: frame.brand, main: main(texts), foot: footOf(frame, texts) },
    ...(status !== undefined && { status }),
    ...(images && { images }),
    formLeadsTo,
  })
}

export function flowFramed(frame: FlowFrame, { title, main }: Parts): Page {
  const texts = textsIn(frame.language)
  const whole = html`${main(texts)}${switchPerson(frame, texts)}`
  return page({
    ...{ language: texts.tag, title, brand: frame.brand, main: whole, foot: footOf(frame, texts) },
    images: [frame.app.logo],
    formLeadsTo: frame.returnsTo,
    frameAncestors: frame.frameAncestors,
  })
}

/** P18: by a plain form. */
function switchPerson(frame: FlowFrame, { signIn }: Texts): Content {
  if (frame.signedIn === undefined) return undefined
  return html`<form method="post" action="${frame.action}" class="switch">${flowHidden(frame, 'switch-person')}
<span>${signIn.signedInAs(frame.signedIn)}</span> <button class="link">${signIn.otherPerson}</button></form>`
}

function footOf({ brand: { contact }, requestId }: Frame, texts: Texts): Content {
  return html`${contact !== undefined && html`<p>${texts.common.help} ${contactLink(contact)}</p>`}
<p>${texts.common.requestId}: <code>${requestId}</code></p>`
}

function contactLink(contact: string): Content {
  if (/^[^\s@]+@[^\s@]+$/.test(contact)) return html`<a href="${`mailto:${contact}`}">${contact}</a>`
  if (/^\+?[\d\s().x-]{5,30}$/.test(contact))
    return html`<a href="${`tel:${contact.replace(/[^\d+]/g, '')}`}">${contact}</a>`
  const url = safeUrl(contact)
  return url ? html`<a href="${url}" rel="noreferrer">${contact}</a>` : contact
}

/** Logo, name, maker, whether somebody checked it, and what its maker promises. */
export function appCard(app: AppCard, { app: words }: Texts): Markup {
  const logo = safeUrl(app.logo)
  const badge = app.isVerified
    ? html`<span class="badge good">✓ ${words.verified}</span>`
    : html`<span class="badge">${words.notVerified}</span>`
  const links = [[app.policy, words.policy] as const, [app.terms, words.terms] as const].flatMap(([given, label]) => {
    const url = safeUrl(given)
    return url
      ? html`<a href="${url}" target="_blank" rel="noopener noreferrer">${label}<span class="visually-hidden"> ${words.newTab}</span></a> `
      : []
  })
  return html`<div class="app">
${logo ? html`<img src="${logo}" alt="" width="56" height="56">` : html`<span class="initials" aria-hidden="true">${app.name.slice(0, 1).toUpperCase()}</span>`}
<div><p><strong>${app.name}</strong>${app.developer !== undefined && html` <span class="quiet">${words.by(app.developer)}</span>`}</p>
<p>${badge}</p>
<p class="quiet links">${safeUrl(app.policy) === undefined && html`<span>${words.noPolicy}</span> `}${links}</p></div></div>`
}
