import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { coverTag, generate, generateObservations, usCoreVersions } from './index.ts'

interface Resource {
  readonly resourceType: string
  readonly id: string
  readonly meta?: { readonly tag?: readonly { readonly code: string }[] }
  readonly [element: string]: unknown
}
const parsed = (line: string) => JSON.parse(line) as Resource
const digest = (lines: Iterable<string>) => {
  const hash = createHash('sha256')
  for (const line of lines) hash.update(line)
  return hash.digest('hex')
}
const references = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return []
  const own = 'reference' in value && typeof value.reference === 'string' ? [value.reference] : []
  return [...own, ...Object.values(value).flatMap(references)]
}

test('generate() gives the same bytes for the same seed and others for another', () => {
  const options = { patients: 6, seed: 7, usCore: '6.1.0' } as const
  assert.equal(digest(generate(options)), digest(generate(options)))
  assert.notEqual(digest(generate(options)), digest(generate({ ...options, seed: 8 })))
})

test('generate() makes a patient the same way however many others there are', () => {
  const of = (patients: number) =>
    [...generate({ patients, seed: 3, usCore: '7.0.0' })].filter((line) => /"id":"p5[-"]/.test(line))
  assert.ok(of(5).length > 50)
  assert.deepEqual(of(9), of(5))
})

for (const usCore of usCoreVersions) {
  test(`generate() names only what comes before, once, on one line, under ids of FHIR (US Core ${usCore})`, () => {
    const seen = new Set<string>()
    for (const line of generate({ patients: 40, seed: 2, usCore })) {
      assert.ok(!line.includes('\n'))
      const resource = parsed(line)
      const key = `${resource.resourceType}/${resource.id}`
      assert.match(resource.id, /^[A-Za-z0-9.-]{1,64}$/)
      assert.ok(!seen.has(key), `${key} comes twice`)
      seen.add(key)
      assert.ok(!('contained' in resource), `${key} contains resources`)
      for (const reference of references(resource)) {
        assert.ok(seen.has(reference), `${key} points to ${reference}, which has not come yet`)
      }
    }
  })
}

test('generate() tags the first four patients as the cover', () => {
  const lines = [...generate({ patients: 20, seed: 1, usCore: '6.1.0' })].map(parsed)
  const tagged = lines.filter(
    ({ resourceType, meta }) => resourceType === 'Patient' && meta?.tag?.some(({ code }) => code === coverTag.code),
  )
  assert.deepEqual(
    tagged.map(({ id }) => id),
    ['p1', 'p2', 'p3', 'p4'],
  )
})

test('generate() makes the awkward records of real life', () => {
  const lines = [...generate({ patients: 120, seed: 1, usCore: '6.1.0' })]
  for (const [what, pattern] of [
    ['an onset as Period', /"onsetPeriod":/],
    ['absent data with its reason', /"valueCode":"unknown"/],
    ['an unknown code', /data-absent-reason","code":"unknown"/],
    ['a death', /"deceasedDateTime":/],
    ['an old name', /"use":"old","family":/],
    ['a merged patient', /"type":"replaced-by"/],
    ['a name in another script', /"family":"[\u0370-\u9fff\uac00-\ud7a3]/],
    ['an error', /"code":"entered-in-error"/],
    ['a guardian', /"code":"GUARD"/],
    ['a refused vaccination', /"status":"not-done","statusReason":/],
  ] as const) {
    assert.ok(
      lines.some((line) => pattern.test(line)),
      `there is no ${what}`,
    )
  }
})

test('every presentedForm of a DiagnosticReport stands in a document of the same patient', () => {
  const lines = [...generate({ patients: 12, seed: 4, usCore: '8.0.0' })]
  const urls = (type: string, key: string) =>
    lines
      .map(parsed)
      .filter(({ resourceType }) => resourceType === type)
      .flatMap((one) =>
        ((one[key] as readonly Record<string, { url?: string }>[] | undefined) ?? []).map(
          (form) => `${JSON.stringify(one.subject)} ${(key === 'content' ? form.attachment : form)?.url}`,
        ),
      )
  const documents = new Set(urls('DocumentReference', 'content'))
  const reports = urls('DiagnosticReport', 'presentedForm')
  assert.ok(reports.length > 10)
  assert.deepEqual(
    reports.filter((form) => !documents.has(form)),
    [],
  )
})

test('generateObservations() gives its patients first come, 200 codes and about 1.3 kB each', (t) => {
  const codes = new Set<string>()
  let bytes = 0
  let count = 0
  const start = performance.now()
  for (const line of generateObservations({ count: 12_000, patients: 40, seed: 1 })) {
    const resource = parsed(line)
    if (resource.resourceType !== 'Observation') continue
    count++
    bytes += line.length
    codes.add((resource.code as { coding: { code: string }[] }).coding[0]?.code ?? '')
  }
  t.diagnostic(`${Math.round(count / ((performance.now() - start) / 1000))} a second, parsing included`)
  assert.equal(count, 12_000)
  assert.ok(codes.size > 180, `${codes.size} codes`)
  assert.ok(bytes / count > 1150 && bytes / count < 1450, `${bytes / count} bytes on average`)
})

test('generate() prints its speed', (t) => {
  const start = performance.now()
  let lines = 0
  for (const _ of generate({ patients: 60, seed: 5, usCore: '6.1.0' })) lines++
  t.diagnostic(
    `${Math.round(lines / ((performance.now() - start) / 1000))} resources a second, ${Math.round(lines / 60)} a patient`,
  )
  assert.ok(lines > 60 * 100)
})
