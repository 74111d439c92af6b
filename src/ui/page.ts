import { hash } from 'node:crypto'
import { type Content, html, type Markup, markup } from './html.ts'
import { safeUrl } from './safe-url.ts'
import { styleSheet } from './style-sheet.ts'

/** Whose page it is. */
export interface Branding {
  readonly name: string
  /** https URL of an image. */
  readonly logo?: string | undefined
  /** Where its people turn to: telephone, mail address or https URL. */
  readonly contact?: string | undefined
}

/** An answer that a browser shows. */
export interface Page {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface PageParts {
  readonly language: string
  readonly title: string
  readonly brand: Branding
  readonly main: Content
  /** Links below. */
  readonly foot?: Content
  /** Of 200. */
  readonly status?: number
  /** Images besides the practice's logo. */
  readonly images?: readonly (string | undefined)[]
  /** Where the browser goes when a form of the page was posted: browsers apply form-action to redirects, too. */
  readonly formLeadsTo?: string | undefined
  /** Origins that may show the page in a frame; none unless given. */
  readonly frameAncestors?: readonly string[] | undefined
  /** Paths of a script and a style sheet of ours, of a page that is an app: it may load others beside them, and ask this server. */
  readonly ownFiles?: { readonly script: string; readonly style: string }
}

/** The layout of every page, and the headers without which it must not be sent. */
export function page(parts: PageParts): Page {
  const { language, title, brand, main, foot, status = 200, ownFiles } = parts
  const { text } = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} – ${brand.name}</title>
<style>${markup(styleSheet)}</style>
${ownFiles && html`<link rel="stylesheet" href="${ownFiles.style}"><script type="module" src="${ownFiles.script}"></script>`}</head>
<body>
<header class="brand">${logo(brand)}<span>${brand.name}</span></header>
<main>${main}</main>
<footer>${foot}</footer>
</body>
</html>
`
  return { status, headers: headersOf(parts), body: text }
}

function logo({ name, logo: given }: Branding): Markup {
  const url = safeUrl(given)
  if (url) return html`<img src="${url}" alt="" height="40">`
  const initials = name
    .match(/\p{L}+/gu)
    ?.slice(0, 2)
    .map((word) => word.slice(0, 1).toUpperCase())
  return html`<span class="initials" aria-hidden="true">${initials ?? '+'}</span>`
}

const styleHash = `'sha256-${hash('sha256', styleSheet, 'base64')}'`

/**
 * No script but `ownFiles`, no style but ours, no frame, nothing kept: specs/security.md 8. No Cross-Origin-Opener-Policy: it
 * would part an app from the window in which it lets its person sign in.
 */
function headersOf({
  brand,
  images = [],
  formLeadsTo,
  frameAncestors = [],
  ownFiles,
}: PageParts): Record<string, string> {
  const shown = [brand.logo, ...images].flatMap((url) => safeUrl(url) ?? [])
  const origins = [...new Set(shown.map((url) => new URL(url).origin))]
  const policy = [
    "default-src 'none'",
    `style-src ${styleHash}${ownFiles ? " 'self'" : ''}`,
    ...(ownFiles ? ["script-src 'self'", "connect-src 'self'"] : []),
    `img-src ${origins.length > 0 ? origins.join(' ') : "'none'"}`,
    `form-action 'self'${formLeadsTo === undefined ? '' : ` ${targetsOf(formLeadsTo)}`}`,
    "base-uri 'none'",
    `frame-ancestors ${frameAncestors.length > 0 ? frameAncestors.join(' ') : "'none'"}`,
  ]
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    ...(frameAncestors.length === 0 && { 'x-frame-options': 'DENY' }),
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    pragma: 'no-cache',
    'x-content-type-options': 'nosniff',
  }
}

/** An app's redirect page may lead on to any page of its own. */
function targetsOf(redirectUri: string): string {
  const { protocol, host } = new URL(redirectUri)
  if (protocol === 'http:') return `https: http://${host}`
  return protocol === 'https:' ? 'https:' : `https: ${protocol}`
}
