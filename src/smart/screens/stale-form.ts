import { html, type Page } from '#ui'
import { type Frame, framed } from './frame.ts'
import { textsIn } from './texts.ts'

export interface StaleFormPage extends Frame {
  /** Where the page is that counts now. */
  readonly goOn: string
}

/** A form of a page that was opened before somebody signed in or out in the same browser. */
export function staleFormPage(data: StaleFormPage): Page {
  const { stale } = textsIn(data.language)
  return framed(data, {
    status: 403,
    title: stale.title,
    main: () => html`<h1>${stale.title}</h1>
<p class="lead">${stale.lead}</p>
<p><a class="button" href="${data.goOn}">${stale.goOn}</a></p>
<p class="quiet">${stale.cookies}</p>`,
  })
}
