import assert from 'node:assert/strict'
import { test } from 'node:test'
import { access } from './access.ts'
import { practice, principals } from './example-principals.ts'

const laboratory = 'category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory'
const codesOf = (scopes: string, type = 'Observation') =>
  access(principals.clinician(scopes), 'search', type, practice)?.any.map(({ where }) =>
    where.map((condition) => (condition.kind === 'parameter' ? condition.parameter.code : condition.kind)),
  )

test('the constraints of a scope all hold', () => {
  assert.deepEqual(codesOf(`user/Observation.rs?${laboratory}&status=final`), [['category', 'status']])
})

test('several scopes are alternatives', () => {
  assert.deepEqual(codesOf(`user/Observation.rs?${laboratory} user/Observation.rs?status=final`), [
    ['category'],
    ['status'],
  ])
})

test('a scope without constraint makes the others needless', () => {
  assert.deepEqual(codesOf(`user/Observation.rs?${laboratory} user/Observation.rs`), [[]])
})

test("a constraint in a patient's context narrows it", () => {
  const [clause] =
    access(principals.patient(`patient/Observation.rs?${laboratory}`), 'read', 'Observation', practice)?.any ?? []
  assert.deepEqual(clause?.patients, ['1'])
  assert.equal(clause?.where.length, 1)
})

test('what a constraint is on need not be asked of other types', () => {
  assert.deepEqual(codesOf(`user/Observation.rs?${laboratory} user/Patient.rs`, 'Patient'), [[]])
})

test("a permission's constraint holds besides the token's", () => {
  const permission = { isEnabled: true, scopes: `system/Observation.rs?${laboratory}` }
  const app = principals.backend('system/Observation.rs?status=final')
  assert.equal(access(app, 'search', 'Observation', { ...practice, permission })?.any[0]?.where.length, 2)
})

// S-4: never widened, even where another scope would do
for (const constraint of ['no-such-parameter=x', 'date=never', `${laboratory}&no-such-parameter=x`]) {
  test(`a constraint that cannot be built is refused: ${constraint}`, () => {
    for (const scopes of [
      `user/Observation.rs?${constraint}`,
      `user/Observation.rs?${constraint} user/Observation.rs`,
    ]) {
      assert.throws(() => codesOf(scopes), { kind: 'forbidden' })
    }
  })
}
