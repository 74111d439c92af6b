/** HealthSamurai fhir-server-performance-benchmark, `search`: kinds of parameters, `_count=20`. */
import type { Bench } from '../bench.ts'
import { livesOfSize } from '../data/data-sets.ts'
import { fhirPath } from '../data/prepared.ts'
import { againstReplay } from '../replayed.ts'
import type { Line } from '../row.ts'
import { serve } from '../served.ts'
import { type Examples, examplesOf } from './examples.ts'

const prefixes = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb']
const escaped = encodeURIComponent

const kinds: Readonly<Record<string, (examples: Examples) => string[]>> = {
  string: ({ families, cities }) => [
    ...families.map((family) => `Patient?family=${escaped(family)}`),
    ...cities.map((city) => `Patient?address-city=${escaped(city)}`),
  ],
  'string :contains': ({ families }) =>
    families.map((family) => `Patient?name:contains=${escaped(family.slice(1, 5).toLowerCase())}`),
  'date, 8 prefixes': ({ birthDates }) =>
    prefixes.flatMap((prefix) => [
      ...birthDates.slice(0, 10).map((date) => `Patient?birthdate=${prefix}${date}`),
      `Observation?date=${prefix}2024-06-01`,
      `Encounter?date=${prefix}2023-03`,
    ]),
  token: ({ quantities, conditionCodes }) => [
    ...quantities.map(({ code }) => `Observation?code=http://loinc.org|${code}`),
    ...conditionCodes.map((code) => `Condition?code=${escaped(code)}`),
    'Condition?clinical-status=active',
    'Encounter?class=AMB',
  ],
  'token, OR lists': ({ quantities, conditionCodes }) => [
    ...threes(quantities.map(({ code }) => code)).map((codes) => `Observation?code=${codes.join(',')}`),
    ...threes(conditionCodes).map((codes) => `Condition?code=${codes.map(escaped).join(',')}`),
  ],
  quantity: ({ quantities }) =>
    quantities.flatMap(({ value, unit }) => [
      `Observation?value-quantity=gt${value}|http://unitsofmeasure.org|${escaped(unit)}`,
      `Observation?value-quantity=${value}||${escaped(unit)}`,
    ]),
  composite: ({ quantities }) =>
    quantities.map(
      ({ code, value, unit }) =>
        `Observation?code-value-quantity=${escaped(`http://loinc.org|${code}$gt${value}|http://unitsofmeasure.org|${unit}`)}`,
    ),
  reference: ({ patients }) =>
    patients.flatMap((id) => [`Observation?subject=Patient/${id}`, `Encounter?patient=${id}`]),
}

export async function* healthSamurai(bench: Bench): AsyncGenerator<Line> {
  await using served = await serve(bench, livesOfSize(bench.options.size))
  const token = await served.token()
  const examples = await examplesOf(served)
  for (const [kind, pathsOf] of Object.entries(kinds)) {
    const paths = pathsOf(examples).map((path) => `${fhirPath}/${path}&_count=20`)
    yield* againstReplay(bench, served, { work: `HealthSamurai search: ${kind}`, paths, token })
  }
}

function threes(values: readonly string[]): string[][] {
  return Array.from({ length: Math.floor(values.length / 3) }, (_, i) => values.slice(3 * i, 3 * i + 3))
}
