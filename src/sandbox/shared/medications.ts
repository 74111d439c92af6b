import { resourceLine } from '../chart.ts'
import { medications } from '../facts/medications.ts'
import type { UsCore } from '../us-core.ts'

/** What a MedicationRequest points to when it does not name its medication by code. */
export function* medicationLines(version: UsCore): Generator<string> {
  for (const { id, code } of Object.values(medications)) {
    yield resourceLine(version, 'Medication', id, ['us-core-medication'], { code, status: 'active' })
  }
}
