/** os-fhir-server-bench, read mix: 45 % reads, 20 % pages of Patient, 20 % Observation?patient, 10 % Condition?patient, 5 % history. */
import type { Bench } from '../bench.ts'
import { livesOfSize } from '../data/data-sets.ts'
import { fhirPath } from '../data/prepared.ts'
import { againstReplay } from '../replayed.ts'
import type { Line } from '../row.ts'
import { serve } from '../served.ts'
import { examplesOf } from './examples.ts'

const mix: readonly (readonly [share: number, pathOf: (patient: string) => string])[] = [
  [50, (patient) => `Patient/${patient}`], // the 5 % of history too: it is not served yet
  [20, () => 'Patient?_count=20'],
  [20, (patient) => `Observation?patient=${patient}&_count=20`],
  [10, (patient) => `Condition?patient=${patient}&_count=20`],
]

export async function* wso2(bench: Bench): AsyncGenerator<Line> {
  await using served = await serve(bench, livesOfSize(bench.options.size))
  const { patients } = await examplesOf(served)
  const each = mix.flatMap(([share, pathOf]) => Array.from({ length: share }, () => pathOf))
  // 37 has no divisor in common with 100: all kinds take turns.
  const paths = each.map((_, i) => {
    const pathOf = each[(i * 37) % each.length] as (patient: string) => string
    return `${fhirPath}/${pathOf(patients[i % patients.length] ?? '')}`
  })
  yield* againstReplay(bench, served, { work: 'WSO2 read mix (history as reads)', paths, token: await served.token() })
}
