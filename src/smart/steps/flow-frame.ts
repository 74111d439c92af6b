import type { Reply } from '#http'
import { originsOf } from '#platform'
import type { Page } from '#ui'
import type { FlowFrame } from '../screens/frame.ts'
import { withCookie } from '../screens/page-endpoint.ts'
import { appCardOf, practiceFrame } from '../screens/practice-frame.ts'
import { languageOf, type Texts, textsIn } from '../screens/texts.ts'
import { csrfToken } from '../sessions/csrf.ts'
import type { KeptVisit } from './decision.ts'
import type { Visit } from './visit.ts'

export const continuePath = '/auth/continue'

export function continueUrl({ practice }: Visit, id: string): string {
  return `${practice.root}${continuePath}?pending=${id}`
}

export async function flowFrame(visit: KeptVisit): Promise<FlowFrame> {
  const { parts, asked, practice, app, pending, id } = visit
  const maker = pending.launch && (await parts.apps.app(pending.launch.maker))
  return {
    ...practiceFrame(parts.settingsOf(practice), asked),
    app: appCardOf(app),
    action: practice.root + continuePath,
    pending: id,
    csrf: csrfToken(browserIdOf(visit), id),
    returnsTo: pending.redirectUri,
    ...(visit.actor?.session !== undefined && { signedIn: visit.actor.name }),
    ...(maker && { frameAncestors: originsOf(maker) }),
  }
}

/** The sentences of the pages, in the person's language. */
export function textsFor({ asked }: Visit): Texts {
  return textsIn(languageOf(asked.headers['accept-language']))
}

/** In an EHR's frame no cookie of ours is needed: whoever holds the id of a launched request has it from its launch. */
export function browserIdOf({ pending, browser }: Visit): string {
  return pending.launch ? 'launch' : browser.id
}

/** A page, with the cookie of a browser that has none yet. */
export function show({ browser, pending }: Visit, page: Page): Reply {
  return withCookie(page, pending.launch ? undefined : browser.setCookie)
}
