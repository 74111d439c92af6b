/** Microsoft's IncludePerf: includes under SMART v2 scopes against a control that may see all. */
import type { Bench } from '../bench.ts'
import { livesOfSize } from '../data/data-sets.ts'
import { fhirPath } from '../data/prepared.ts'
import { compare, ratesText } from '../measure/compare.ts'
import type { Line } from '../row.ts'
import { serve } from '../served.ts'
import { examplesOf } from './examples.ts'

const connections = 16
const category = 'http://terminology.hl7.org/CodeSystem/observation-category'

/** Constrained where v2 allows it, plain for what is included. */
const scopes = [
  ...['laboratory', 'vital-signs'].map((code) => `system/Observation.rs?category=${category}|${code}`),
  ...['Patient', 'Encounter', 'Provenance', 'Medication', 'MedicationRequest'].map((type) => `system/${type}.rs`),
  ...['Practitioner', 'Organization', 'Location', 'Condition'].map((type) => `system/${type}.rs`),
].join(' ')

const searches = {
  _include: (patient: string) => `MedicationRequest?patient=${patient}&_include=MedicationRequest:medication`,
  _revinclude: (patient: string) => `Encounter?patient=${patient}&_revinclude=Observation:encounter`,
  'of Provenance': (patient: string) => `Encounter?patient=${patient}&_revinclude=Provenance:target`,
  ':iterate': (patient: string) =>
    `Observation?patient=${patient}&_include=Observation:encounter&_include:iterate=Encounter:location`,
}

export async function* includePerf(bench: Bench): AsyncGenerator<Line> {
  const { rounds, seconds } = bench.options
  await using served = await serve(bench, livesOfSize(bench.options.size))
  const { patients } = await examplesOf(served)
  const tokens = [
    ['v2 scopes with constraints', await served.token({ scope: scopes }), patients],
    ['patient/*.rs of one patient', await served.token(ofPatient(patients[0] ?? '')), patients.slice(0, 1)],
  ] as const
  const control = await served.token()
  const { server } = served
  for (const [about, token, asked] of tokens) {
    for (const [kind, pathOf] of Object.entries(searches)) {
      const paths = asked.map((patient) => `${fhirPath}/${pathOf(patient)}&_count=20`)
      const sides = [token, control].map((one) => ({ server, paths, token: one }))
      const compared = await compare(sides, { connections, rounds, seconds })
      yield {
        work: `IncludePerf: ${kind}, ${about}`,
        against: 'system/*.rs',
        ratio: compared.ratioTo(1),
        note: `${ratesText(compared, 1)} at ${connections} connections`,
      }
    }
  }
}

function ofPatient(patient: string) {
  return { scope: 'patient/*.rs', patients: [patient] }
}
