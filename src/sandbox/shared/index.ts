import type { UsCore } from '../us-core.ts'
import { locationLines } from './locations.ts'
import { medicationLines } from './medications.ts'
import { organizationLines } from './organizations.ts'
import { practitionerLines, practitionerRoleLines } from './practitioners.ts'
import { questionnaireLines } from './questionnaires.ts'

/** What all patients share: who treats them, where, and with what. */
export function* sharedLines(version: UsCore): Generator<string> {
  yield* organizationLines(version)
  yield* practitionerLines(version)
  yield* locationLines(version)
  yield* practitionerRoleLines(version)
  yield* medicationLines(version)
  yield* questionnaireLines(version)
}
