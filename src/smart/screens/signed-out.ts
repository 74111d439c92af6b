import { hidden, html, type Page } from '#ui'
import { type Frame, framed } from './frame.ts'
import { textsIn } from './texts.ts'

export const signOutFields = {
  csrf: 'csrf',
  client: 'client_id',
  hint: 'id_token_hint',
  returnTo: 'post_logout_redirect_uri',
  state: 'state',
} as const

/** Asks before it signs out: a link on any page must not. */
export interface SignOutPage extends Frame {
  readonly action: string
  readonly csrf: string
  /** Parameters of the app's request, which come back with the form. */
  readonly held?: Readonly<Record<string, string>>
  readonly formLeadsTo?: string | undefined
}

export function signOutPage(data: SignOutPage): Page {
  const { signOut } = textsIn(data.language)
  return framed(data, {
    title: signOut.askTitle,
    formLeadsTo: data.formLeadsTo,
    main: () => html`<h1>${signOut.askTitle}</h1>
<p class="lead">${signOut.ask(data.brand.name)}</p>
<form method="post" action="${data.action}">${hidden(signOutFields.csrf, data.csrf)}
${Object.entries(data.held ?? {}).map(([name, value]) => hidden(name, value))}
<button class="wide">${signOut.submit}</button></form>`,
  })
}

export interface SignedOutPage extends Frame {
  readonly signIn: string
}

export function signedOutPage(data: SignedOutPage): Page {
  const { signOut } = textsIn(data.language)
  return framed(data, {
    title: signOut.title,
    main: () => html`<h1>${signOut.title}</h1>
<p class="lead">${signOut.lead(data.brand.name)}</p>
<p><a class="button plain" href="${data.signIn}">${signOut.again}</a></p>`,
  })
}
