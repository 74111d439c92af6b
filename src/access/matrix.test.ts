/** S-7: type × interaction × scope for each kind of principal, over the whole ownership table. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownershipOf, resourceTypes } from '#fhir'
import { access } from './access.ts'
import type { Interaction, Predicate, Principal } from './decision.ts'
import { practice, principals } from './example-principals.ts'
import type { Level } from './scopes.ts'

type Answer = 'none' | 'own' | "own and nobody's" | 'follows' | 'all'

const letters: Readonly<Record<Interaction, string>> = { create: 'c', read: 'r', update: 'u', delete: 'd', search: 's' }

/** What a scope that names the type gives, by class of the type: to read, to write. */
// biome-ignore format: the columns are the point
const expected: Readonly<Record<'patients' | 'staff' | 'auditor' | 'system', Readonly<Record<string, readonly [Answer, Answer]>>>> = {
  patients: { owned: ['own', 'own'], device: ["own and nobody's", 'own'], follows: ['follows', 'follows'], shared: ['all', 'none'], open: ['all', 'none'], kept: ['none', 'none'], audit: ['none', 'none'] },
  staff:    { owned: ['all', 'all'], device: ['all', 'all'],              follows: ['follows', 'follows'], shared: ['all', 'all'],  open: ['all', 'all'],  kept: ['all', 'all'],   audit: ['none', 'none'] },
  auditor:  { owned: ['all', 'all'], device: ['all', 'all'],              follows: ['follows', 'follows'], shared: ['all', 'all'],  open: ['all', 'all'],  kept: ['all', 'all'],   audit: ['all', 'none'] },
  system:   { owned: ['all', 'all'], device: ['all', 'all'],              follows: ['follows', 'follows'], shared: ['all', 'all'],  open: ['all', 'all'],  kept: ['all', 'all'],   audit: ['none', 'none'] },
}

const kinds: readonly [string, Level, (scopes: string) => Principal, keyof typeof expected][] = [
  ['patient context', 'patient', principals.patientContext, 'patients'],
  ['patient', 'user', principals.patient, 'patients'],
  ['guardian', 'user', principals.guardian, 'patients'],
  ['clinician', 'user', principals.clinician, 'staff'],
  ['auditor', 'user', principals.auditor, 'auditor'],
  ['operator', 'system', principals.operator, 'system'],
]

for (const [kind, level, principal, column] of kinds) {
  for (const interaction of Object.keys(letters) as Interaction[]) {
    test(`${kind}, ${interaction}: each type answers to the scope that names it and to no other`, () => {
      for (const type of resourceTypes) checkType(level, principal, column, interaction, type)
    })
  }
}

function checkType(
  level: Level,
  principal: (scopes: string) => Principal,
  column: keyof typeof expected,
  interaction: Interaction,
  type: string,
) {
  const kind = type === 'Device' ? 'device' : type === 'Patient' ? 'owned' : ownershipOf(type)?.class
  const isRead = interaction === 'read' || interaction === 'search'
  const named = expected[column][kind ?? '']?.[isRead ? 0 : 1]
  const unnamed = kind === 'open' && isRead ? 'all' : 'none'
  const starred = kind === 'audit' ? 'none' : named === 'follows' && column !== 'patients' ? 'all' : named
  const elsewhere = type === 'Observation' ? 'Condition' : 'Observation'
  const otherLetters = 'cruds'.replace(letters[interaction], '')

  for (const [scopes, answer] of [
    [`${level}/${type}.${letters[interaction]}`, named],
    [`${level}/*.${letters[interaction]}`, starred],
    [`${level}/${type}.${otherLetters}`, unnamed],
    [`${level}/*.${otherLetters}`, unnamed],
    [`${level}/${elsewhere}.cruds`, unnamed],
    [
      'openid fhirUser launch/patient offline_access',
      type === ownTypeOf(principal) && interaction === 'read' ? 'self' : unnamed,
    ],
    ['', unnamed],
  ] as const) {
    const found = access(principal(scopes), interaction, type, practice)
    assert.equal(answerOf(found), answer, `${scopes || 'no scope'} to ${interaction} ${type}`)
  }
}

function ownTypeOf(principal: (scopes: string) => Principal): string | undefined {
  return principal('').user?.split('/')[0]
}

function answerOf(predicate: Predicate | undefined): Answer | 'self' {
  if (!predicate) return 'none'
  assert.equal(predicate.any.length, 1)
  const [clause] = predicate.any
  if (clause?.where.length) return 'self'
  if (clause?.follows) return 'follows'
  if (clause?.patients) return clause.orNobodys ? "own and nobody's" : 'own'
  return 'all'
}
