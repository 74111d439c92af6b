import type { Asked, Endpoint, Practice, Reply } from '#http'
import type { Problem } from '#lib'
import type { PracticeSettings } from '#platform'
import type { Page } from '#ui'
import { errorPage } from './error.ts'
import { frameOfFailure } from './practice-frame.ts'

interface PageEndpoint {
  readonly path: string
  readonly name: string
  readonly get: (asked: Asked) => Promise<Reply>
  readonly post: (asked: Asked) => Promise<Reply>
  /** GET may spend or make something. */
  readonly isSpending?: boolean
}

type SettingsOf = (practice: Practice) => PracticeSettings

/** An address of pages: GET shows, POST does; what fails is a page, too. */
export function pageEndpoints(
  settingsOf: SettingsOf,
  { path, name, get, post, isSpending = false }: PageEndpoint,
): readonly Endpoint[] {
  const place = { path, name, below: 'root', readers: 'of-client', refused: refusedWithPage(settingsOf) } as const
  return [
    { ...place, method: 'GET', answer: get, isSpending },
    { ...place, method: 'POST', answer: post },
  ]
}

export function refusedWithPage(settingsOf: SettingsOf): Endpoint['refused'] {
  return (problem: Problem, at) => {
    const settings = at.practice && settingsOf(at.practice)
    return errorPage({ ...frameOfFailure(settings, at), problem })
  }
}

/** 303: the browser asks for the next page by GET, so that going back or reloading posts nothing again. */
export function leadTo(url: string, setCookie?: string): Reply {
  return {
    status: 303,
    headers: {
      location: url,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      ...(setCookie !== undefined && { 'set-cookie': setCookie }),
    },
  }
}

export function withCookie(page: Page, setCookie: string | undefined): Page {
  return setCookie === undefined ? page : { ...page, headers: { ...page.headers, 'set-cookie': setCookie } }
}

/** A field of a form; the empty text where it was not posted. */
export function fieldOf(form: Asked['form'], name: string): string {
  return form.find(([key]) => key === name)?.[1] ?? ''
}

/** Every value of a field that may be ticked several times. */
export function fieldsOf(form: Asked['form'], name: string): readonly string[] {
  return form.flatMap(([key, value]) => (key === name ? [value] : []))
}
