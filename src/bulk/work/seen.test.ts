import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Permission, type PracticeRules, type Principal, seeAs } from '#access'
import { type ExportingPractice, exportEngine } from '../../../test/support/export-engine.ts'

const engine = await exportEngine()
after(() => engine[Symbol.asyncDispose]())

const labels = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'
const categories = 'http://terminology.hl7.org/CodeSystem/observation-category'
const permission: Permission = { isEnabled: true, scopes: 'system/*.rs' }
const rules: PracticeRules = {
  ...{ visibility: 'practice', sensitive: [], writes: false, patientWrites: false, permission, isExport: true },
}

const seeBy = (practice: ExportingPractice, scopes: string, more: Partial<PracticeRules> = {}) => {
  const principal: Principal = {
    ...{ practice: practice.record.number, client: 'c', patients: [], scopes, requestId: 'r' },
  }
  return seeAs(principal, 'read', { ...rules, ...more })
}

const observation = (id: string, category: string, more: object = {}) => ({
  ...{ resourceType: 'Observation', id, status: 'final', subject: { reference: 'Patient/a' } },
  ...{ code: { text: 'weight' }, category: [{ coding: [{ system: categories, code: category }] }] },
  ...more,
})
const provenance = (id: string, target: string) => {
  const of = [{ reference: `Observation/${target}` }]
  return { resourceType: 'Provenance', id, target: of, recorded: '2026-01-01T00:00:00Z', agent: [{ who: of[0] }] }
}

async function practiceWith(...resources: object[]): Promise<ExportingPractice> {
  const practice = await engine.addPractice()
  await practice.load([{ resourceType: 'Patient', id: 'a' }, ...resources])
  return practice
}

test('rows with a label that is hidden from exports stay, in an app’s scopes as in all others, at every level', async () => {
  const meta = { security: [{ system: labels, code: 'R' }] }
  const practice = await practiceWith(
    ...[observation('open', 'laboratory'), observation('hidden', 'laboratory', { meta })],
    ...[provenance('of-open', 'open'), provenance('of-hidden', 'hidden')],
  )
  const sensitive = [{ label: `${labels}|R`, hiddenFrom: ['exports'] }] as const
  practice.see = seeBy(practice, 'system/*.rs', { sensitive })
  for (const request of [
    { level: 'system' },
    { level: 'patient' },
    { level: 'patient', patients: ['a'] },
    { level: 'patient', organizedBy: 'Patient' },
    { filters: { Observation: ['status=final'] } },
  ] as const) {
    const { lines } = await practice.run(request)
    const found = [...lines.keys()].filter((key) => key !== 'Patient/a').toSorted()
    const expected = 'organizedBy' in request ? ['Observation/open'] : ['Observation/open', 'Provenance/of-open']
    assert.deepEqual(found, expected, JSON.stringify(request))
  }
})

test('a scope with a condition lets out what meets it, and of what follows that which follows such rows', async () => {
  const practice = await practiceWith(
    ...[observation('lab', 'laboratory'), observation('vital', 'vital-signs')],
    ...[provenance('of-lab', 'lab'), provenance('of-vital', 'vital')],
  )
  practice.see = seeBy(
    practice,
    `system/Observation.rs?category=${categories}|laboratory system/Provenance.rs system/Patient.rs`,
  )
  const types = ['Patient', 'Observation', 'Provenance']
  for (const request of [
    { types },
    { types, level: 'patient' },
    { types, level: 'patient', patients: ['a'] },
  ] as const) {
    const { lines } = await practice.run(request)
    const expected = ['Observation/lab', 'Patient/a', 'Provenance/of-lab']
    assert.deepEqual([...lines.keys()].toSorted(), expected, JSON.stringify(request))
  }
})

for (const [step, asked, request] of [
  ['its last step', 3, { types: ['Patient', 'Observation'] }],
  ['a block is made', 2, { organizedBy: 'Patient' }],
  ['what records refer to is gathered', 4, { level: 'patient', patients: ['a'], types: ['Patient', 'Observation'] }],
  ['deletions are told', 3, { types: ['Observation'], since: 1 }],
] as const) {
  test(`rights that were narrowed before ${step} end the export; it says why, and its files are gone`, async () => {
    const practice = await practiceWith(observation('1', 'laboratory'))
    const created: string[] = []
    engine.beforeCreate = async (name) => void created.push(name)
    practice.see = seeBy(practice, 'system/*.rs')
    let times = 0
    practice.beforeSee = async () => {
      if (++times === asked) practice.see = seeBy(practice, 'system/Patient.rs')
    }
    const id = await practice.begin(request)
    const { state, sentence } = await practice.ended(id)
    assert.equal(state, 'failed')
    assert.match(sentence ?? '', /^What this app may see was changed while its export was made; start another one/)
    await engine.idle()
    for (const name of created) assert.equal(await engine.files.open(name), undefined)
  })
}

test('rights that were taken before it began end it, and the types are named', async () => {
  const practice = await practiceWith(observation('1', 'laboratory'))
  practice.see = seeBy(practice, 'system/Patient.rs')
  const { state, sentence } = await practice.ended(await practice.begin({ types: ['Patient', 'Observation'] }))
  assert.equal(state, 'failed')
  assert.match(sentence ?? '', /was changed since the export was asked for: Observation is not included any more/)
})

for (const [how, scopes, request] of [
  ['an export', 'system/*.rs', {}],
  ['an export by patients', 'system/*.rs', { level: 'patient', organizedBy: 'Patient' }],
  ['an export within a constraint', `system/Observation.rs?category=${categories}|laboratory`, {}],
] as const) {
  test(`a row that is marked as sensitive while ${how} is made stays`, async () => {
    const practice = await practiceWith(observation('open', 'laboratory'), observation('marked', 'laboratory'))
    const security = [{ system: labels, code: 'R' }]
    const sensitive = [{ label: `${labels}|R`, hiddenFrom: ['exports'] }] as const
    practice.see = seeBy(practice, scopes, { sensitive, permission: { isEnabled: true, scopes } })
    let asked = 0
    practice.beforeSee = async () => {
      if (++asked === 2) await practice.load([observation('marked', 'laboratory', { meta: { security } })])
    }
    const { lines } = await practice.run({ types: ['Observation'], isTyped: true, provenance: 'none', ...request })
    assert.deepEqual([...lines.keys()], ['Observation/open'])
  })
}
