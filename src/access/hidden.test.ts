import assert from 'node:assert/strict'
import { test } from 'node:test'
import { access } from './access.ts'
import { practice, principals } from './example-principals.ts'
import type { PracticeRules, SensitiveLabel } from './practice-rules.ts'

const label = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality|R'
const hidingFrom = (...hiddenFrom: SensitiveLabel['hiddenFrom'][number][]): PracticeRules => ({
  ...practice,
  sensitive: [{ label, hiddenFrom }],
})
const everyone = hidingFrom('guardians-of-minors', 'provider-apps', 'system-apps', 'exports')

for (const [who, principal, rules, hidden] of [
  ['the patient in person sees it', principals.patient('patient/*.rs user/*.rs'), everyone, []],
  [
    'an unknown person in the context does not',
    principals.patientContext('patient/*.rs'),
    hidingFrom('provider-apps'),
    [label],
  ],
  ['provider apps', principals.clinician('user/*.rs'), hidingFrom('provider-apps'), [label]],
  ['not provider apps', principals.clinician('user/*.rs'), hidingFrom('system-apps', 'exports'), []],
  [
    "a provider in a patient's context",
    { ...principals.clinician('patient/*.rs'), patients: ['1'] },
    hidingFrom('provider-apps'),
    [label],
  ],
  ['system apps', principals.operator('system/*.rs'), hidingFrom('system-apps'), [label]],
  ['exports', principals.operator('system/*.rs'), { ...hidingFrom('exports'), isExport: true }, [label]],
  ["not the export's own reads", principals.operator('system/*.rs'), hidingFrom('exports'), []],
] as const) {
  test(`labels hide rows: ${who}`, () => {
    assert.deepEqual(
      access(principal, 'search', 'Condition', rules)?.any.map((clause) => clause.hidden),
      [hidden],
    )
  })
}

test('labels hide rows from guardians of minors from an age on', () => {
  const sensitive = [{ label, hiddenFrom: ['guardians-of-minors'], fromAge: 12 }] as const
  const guardian = { ...principals.guardian('user/*.rs'), patients: ['small', 'teen', 'adult', 'unknown'] }
  const ages = new Map([
    ['small', 11],
    ['teen', 12],
    ['adult', 18],
  ])
  assert.deepEqual(access(guardian, 'search', 'Condition', { ...practice, sensitive, ages })?.any, [
    { patients: ['small', 'adult'], where: [], hidden: [] },
    { patients: ['teen', 'unknown'], where: [], hidden: [label] },
  ])
})

test("what is nobody's is hidden from a guardian when it would be of any linked patient", () => {
  const sensitive = [{ label, hiddenFrom: ['guardians-of-minors'], fromAge: 12 }] as const
  const guardian = { ...principals.guardian('user/*.rs'), patients: ['small', 'teen'] }
  const rules = { ...practice, sensitive, ages: new Map([['small', 11]]) }
  assert.deepEqual(access(guardian, 'search', 'Device', rules)?.any, [
    { patients: ['small'], where: [], hidden: [] },
    { patients: ['teen'], where: [], hidden: [label] },
    { patients: [], orNobodys: true, where: [], hidden: [label] },
  ])
})

test('Provenance follows where labels hide rows, lest it tell of them', () => {
  const provenance = access(principals.clinician('user/*.rs'), 'search', 'Provenance', hidingFrom('provider-apps'))
  assert.equal(provenance?.any[0]?.follows, true)
})
