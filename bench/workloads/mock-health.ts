/**
 * mock.health fhir-server-compare, search: the same queries while patients grow. A cliff is a query that gets slower with
 * the practice though its answer stays as long.
 */
import type { Bench } from '../bench.ts'
import { lives } from '../data/data-sets.ts'
import { fhirPath } from '../data/prepared.ts'
import { latencies } from '../measure/compare.ts'
import type { Line } from '../row.ts'
import { type Served, serve } from '../served.ts'
import { type Examples, examplesOf } from './examples.ts'

const escaped = encodeURIComponent
const noCliff = 2

const queries: Readonly<Record<string, (examples: Examples) => string[]>> = {
  'Patient?family': ({ families }) => families.map((family) => `Patient?family=${escaped(family)}`),
  'Patient?name': ({ families }) => families.map((family) => `Patient?name=${escaped(family.slice(0, 3))}`),
  'Patient?birthdate': ({ birthDates }) => birthDates.map((date) => `Patient?birthdate=${date}`),
  'Patient?gender&birthdate': ({ birthDates }) => birthDates.map((date) => `Patient?gender=female&birthdate=ge${date}`),
  'Patient?address-city': ({ cities }) => cities.map((city) => `Patient?address-city=${escaped(city)}`),
  'Observation?patient&category': ({ patients }) =>
    patients.map((id) => `Observation?patient=${id}&category=laboratory`),
  'Observation?patient&code': ({ patients, quantities }) =>
    patients.map((id, i) => `Observation?patient=${id}&code=${quantities[i % quantities.length]?.code}`),
  'Observation?code': ({ quantities }) => quantities.map(({ code }) => `Observation?code=http://loinc.org|${code}`),
  'Observation?code&date': ({ quantities }) =>
    quantities.map(({ code }) => `Observation?code=${code}&date=ge2024-01-01`),
  'Observation?code&value-quantity': ({ quantities }) =>
    quantities.map(({ code, value, unit }) => `Observation?code=${code}&value-quantity=gt${value}||${escaped(unit)}`),
  'Condition?code': ({ conditionCodes }) => conditionCodes.map((code) => `Condition?code=${escaped(code)}`),
  'Condition?patient&clinical-status': ({ patients }) =>
    patients.map((id) => `Condition?patient=${id}&clinical-status=active`),
  'Encounter?patient&date': ({ patients }) => patients.map((id) => `Encounter?patient=${id}&date=ge2023-01-01`),
  'Encounter?date': () => [1, 2, 3, 4, 5, 6].map((month) => `Encounter?date=2024-0${month}`),
  'MedicationRequest?patient&status': ({ patients }) =>
    patients.map((id) => `MedicationRequest?patient=${id}&status=active`),
  'Observation?patient.name': ({ families }) => families.map((name) => `Observation?patient.name=${escaped(name)}`),
}

export async function* mockHealth(bench: Bench): AsyncGenerator<Line> {
  const { patients: sizes, seconds, rounds } = bench.options
  await using opened = new AsyncDisposableStack()
  const served: Served[] = []
  for (const patients of sizes) served.push(opened.use(await serve(bench, lives(patients))))
  const places = await Promise.all(
    served.map(async (one) => ({
      server: one.server,
      token: await one.token(),
      examples: await examplesOf(one),
    })),
  )
  for (const [query, pathsOf] of Object.entries(queries)) {
    const sides = places.map(({ server, token, examples }) => ({
      ...{ server, token },
      paths: pathsOf(examples).map((path) => `${fhirPath}/${path}&_count=20`),
    }))
    const p50s = await latencies(sides, { seconds: seconds / 3, rounds })
    yield {
      work: `mock.health search: ${query}, ${sizes.at(-1)?.toLocaleString('en-US')} patients`,
      against: `${sizes[0]?.toLocaleString('en-US')} patients`,
      ratio: (p50s.at(-1) ?? Number.NaN) / (p50s[0] ?? Number.NaN),
      reach: { atMost: noCliff },
      note: `p50 at one connection ${p50s.map((ms) => ms.toFixed(2)).join(', ')} ms at ${sizes.join(', ')} patients`,
    }
  }
}
