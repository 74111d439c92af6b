/** Server-rendered pages: the escaping template, the layout with its headers, form parts. No script, nothing of third parties. */
export { pageReplies } from './error-page.ts'
export { errorSummary, type FieldError, field, hidden } from './form.ts'
export { type Content, html, type Markup } from './html.ts'
export { type Branding, type Page, page } from './page.ts'
export { safeUrl } from './safe-url.ts'
