import type { Asked, Practice } from '#http'
import type { App, PracticeSettings } from '#platform'
import type { AppCard, Frame } from './frame.ts'
import { languageOf } from './texts.ts'

type Facts = Pick<PracticeSettings, 'logo' | 'contact' | 'phone'>

/** What every page of a practice is told, from its settings and the request. */
export function practiceFrame(
  settings: Facts,
  { practice, requestId, headers }: Pick<Asked, 'practice' | 'requestId' | 'headers'>,
): Frame {
  return {
    brand: brandOf(practice, settings),
    language: languageOf(headers['accept-language']),
    timeZone: practice.timeZone,
    requestId,
  }
}

/** Of a failure, which may come before the practice is known. */
export function frameOfFailure(
  settings: Facts | undefined,
  { practice, requestId }: { readonly practice: Practice | undefined; readonly requestId: string },
): Frame {
  const brand = practice && settings ? brandOf(practice, settings) : { name: 'charthouse' }
  return { brand, timeZone: practice?.timeZone ?? 'UTC', requestId }
}

function brandOf({ name }: Practice, { logo, contact, phone }: Facts): Frame['brand'] {
  return { name, logo, contact: contact ?? phone }
}

/** The platform has looked at an app that it approved. */
export function appCardOf({ name, state, record: { logo, policy, terms } }: App): AppCard {
  return { name, isVerified: state === 'approved', logo, policy, terms }
}
