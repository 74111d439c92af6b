import { operator } from '#access'
import type { Practice } from '#http'
import { launchAnswer } from '../endpoints/launch.ts'
import type { SmartParts } from '../parts.ts'
import { openSessions } from '../sessions/sessions.ts'
import { type LaunchAsked, launchApp } from './launch-app.ts'

/** A launch that the operator makes, in an EHR's place. */
export async function operatorLaunch(parts: SmartParts, practice: Practice, asked: LaunchAsked) {
  const sessions = openSessions({ ...parts, onEnd: async () => undefined })
  return launchAnswer(practice, await launchApp({ ...parts, sessions }, { practice, maker: operator }, asked))
}
