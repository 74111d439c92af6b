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
  const { tokenPage: words } = textsIn(data.language)
  return framed(data, {
    title: words.title,
    main: (texts) => html`<h1>${words.title}</h1>
<p>${words.lead(data.brand.name)}</p>
${data.error !== undefined && errorSummary(texts.common.somethingWrong, [{ sentence: data.error }])}
<h2>${words.code}</h2>
<p><code>${data.code}</code></p>
<p class="quiet">${words.codeHint} <a href="${data.address}">${words.regenerate}</a></p>
${form(data, 'generate', [tokenPageFields.code, data.code], words.generate)}
${data.made && madeToken(data, data.made, texts)}
<p class="quiet">${words.manage}</p>`,
  })
}

function madeToken(data: TokenPage, made: MadeToken, texts: Texts): Content {
  const { tokenPage: words } = texts
  const { answer, refreshToken, seconds, expires, isRefreshed } = made
  return html`<section aria-labelledby="token"><h2 id="token">${words.answer}</h2>
${isRefreshed && html`<div class="note good" role="status"><p>${words.refreshed}</p></div>`}
<pre><code>${JSON.stringify(answer, null, 2)}</code></pre>
<p>${words.expires} ${moment(expires, { timeZone: data.timeZone, texts })}, ${words.left(Math.round(seconds / 60))}.</p>
${refreshToken !== undefined && form(data, 'refresh', [tokenPageFields.refresh, refreshToken], words.refresh)}</section>`
}

function form(
  { action, csrf }: TokenPage,
  step: string,
  [name, value]: readonly [string, string],
  label: string,
): Content {
  return html`<form method="post" action="${action}">
${hidden(tokenPageFields.csrf, csrf)}${hidden(tokenPageFields.step, step)}${hidden(name, value)}
<button>${label}</button></form>`
}
