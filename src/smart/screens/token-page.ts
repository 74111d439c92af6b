import { type Content, errorSummary, hidden, html, type Page } from '#ui'
import { moment } from './dates.ts'
import { type Frame, framed } from './frame.ts'
import { type Texts, textsIn } from './texts.ts'

/** `step` is "generate", with the code, or "refresh", with the refresh token. */
export const tokenPageFields = { csrf: 'csrf', step: 'step', code: 'code', refresh: 'refresh_token' } as const

/** A page where a person makes a token by hand: specs/seeds.md INT-3. */
export interface TokenPage extends Frame {
  /** Its own address, which makes another code. */
  readonly address: string
  readonly action: string
  readonly csrf: string
  readonly code: string
  readonly personName: string
  /** Where the person stops what was made here. */
  readonly manage: string
  readonly signOut: string
  readonly made?: MadeToken | undefined
  readonly error?: string | undefined
}

export interface MadeToken {
  /** What the token endpoint answers. */
  readonly answer: Readonly<Record<string, unknown>>
  readonly refreshToken: string | undefined
  readonly seconds: number
  readonly expires: Date
  readonly isRefreshed: boolean
}

export function tokenPage(data: TokenPage): Page {
  const { tokenPage: words, myApps } = textsIn(data.language)
  return framed(data, {
    title: words.title,
    main: (texts) => html`<h1>${words.title}</h1>
<p class="lead">${words.lead(data.brand.name)}</p>
${data.error !== undefined && errorSummary(texts.common.somethingWrong, [{ sentence: data.error }])}
<h2>${words.code}</h2>
<p><code>${data.code}</code></p>
<p class="quiet">${words.codeHint} <a href="${data.address}">${words.regenerate}</a></p>
${form(data, { step: 'generate', field: [tokenPageFields.code, data.code], button: html`<button>${words.generate}</button>` })}
${data.made && madeToken(data, data.made, texts)}
<p class="switch">${words.manage} <a href="${data.manage}">${myApps.title}</a></p>
<p class="quiet">${myApps.signedInAs(data.personName)} · <a href="${data.signOut}">${myApps.signOut}</a></p>`,
  })
}

function madeToken(data: TokenPage, made: MadeToken, texts: Texts): Content {
  const { tokenPage: words } = texts
  const { answer, refreshToken, seconds, expires, isRefreshed } = made
  return html`<section aria-labelledby="token"><h2 id="token">${words.answer}</h2>
${isRefreshed && html`<div class="note good" role="status"><p>${words.refreshed}</p></div>`}
<pre><code>${JSON.stringify(answer, null, 2)}</code></pre>
<p>${words.expires} ${moment(expires, { timeZone: data.timeZone, texts })}, ${words.left(Math.round(seconds / 60))}.</p>
${refreshToken !== undefined && refreshForm(data, refreshToken, words.refresh)}</section>`
}

function refreshForm(data: TokenPage, refreshToken: string, label: string): Content {
  const button = html`<button class="plain">${label}</button>`
  return form(data, { step: 'refresh', field: [tokenPageFields.refresh, refreshToken], button })
}

interface Form {
  readonly step: string
  readonly field: readonly [name: string, value: string]
  readonly button: Content
}

function form({ action, csrf }: TokenPage, { step, field: [name, value], button }: Form): Content {
  return html`<form method="post" action="${action}">
${hidden(tokenPageFields.csrf, csrf)}${hidden(tokenPageFields.step, step)}${hidden(name, value)}
${button}</form>`
}
