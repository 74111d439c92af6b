import { html, type Page } from '#ui'
import { ended } from './error.ts'
import { type FlowFrame, flowFramed, flowHidden } from './frame.ts'
import { textsIn } from './texts.ts'

/** Steps "switch-person", which every page offers, and "leave". */
export interface ClosedPage extends FlowFrame {
  /** Why the app is closed for whoever is signed in. */
  readonly sentence: string
}

export function closedPage(data: ClosedPage): Page {
  const { closed } = textsIn(data.language)
  const page = flowFramed(data, {
    title: closed.title,
    main: () => html`<h1>${closed.title}</h1>
<p class="lead">${ended(data.sentence)}</p>
<p>${closed.otherPerson}</p>
<form method="post" action="${data.action}">${flowHidden(data, 'leave')}
<button class="plain wide">${closed.leave(data.app.name)}</button></form>`,
  })
  return { ...page, status: 403 }
}
