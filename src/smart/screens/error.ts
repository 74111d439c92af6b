import type { Problem } from '#lib'
import { html, type Page, pageReplies } from '#ui'
import { type Frame, framed } from './frame.ts'
import { textsIn } from './texts.ts'

/** What happened and why is the problem's sentence; what to do follows from its kind. */
export interface ErrorPage extends Frame {
  readonly problem: Problem
}

export function errorPage(data: ErrorPage): Page {
  const { error } = textsIn(data.language)
  const { status, isOurs } = pageReplies[data.problem.kind]
  return framed(data, {
    status,
    title: error.title,
    main: () => html`<h1>${error.title}</h1>
<p class="lead">${ended(data.problem.message)}</p>
<h2>${error.whatToDo}</h2>
<p>${isOurs ? error.ours : error.back}</p>`,
  })
}

/** With its full stop. */
export function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`
}
