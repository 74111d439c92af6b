import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourcesFor } from './sources.ts'

const observation = {
  resourceType: 'Observation',
  status: 'final',
  category: [{ text: 'a' }, null, { text: 'b' }],
  subject: { reference: 'Patient/1' },
  valueQuantity: { value: 5.4 },
  effectivePeriod: { start: '2020' },
  component: [{ valueString: 'x' }, { valueQuantity: { value: 1 } }, {}],
}

const patient = {
  resourceType: 'Patient',
  deceasedBoolean: false,
  name: [{ family: 'Chalmers', given: ['Peter', null, 'James'] }, { given: ['Jim'] }],
  telecom: [{ system: 'phone', value: '1' }, { system: 'email', value: 'a@b' }, { value: '2' }],
  extension: [
    { url: 'http://example.org/ward', valueCode: 'A' },
    {
      url: 'http://example.org/race',
      extension: [
        { url: 'omb', valueCoding: { code: '2106-3' } },
        { url: 'text', valueString: 'W' },
      ],
    },
  ],
}

const bundle = {
  resourceType: 'Bundle',
  entry: [{ resource: { resourceType: 'Composition' } }, { resource: { resourceType: 'Patient' } }],
}

// biome-ignore format: the columns are the point
for (const [expression, resource, expected] of [
  ['Observation.status',                            observation, ['code "final"']],
  ['Observation.category',                          observation, ['CodeableConcept {"text":"a"}', 'CodeableConcept {"text":"b"}']],
  ['Observation.category.text',                     observation, ['string "a"', 'string "b"']],
  ['Observation.issued',                            observation, []],
  ['Observation.value',                             observation, ['Quantity {"value":5.4}']],
  ['(Observation.value as Quantity)',               observation, ['Quantity {"value":5.4}']],
  ['Observation.value.ofType(string)',              observation, []],
  ['(Observation.value as Quantity).value',         observation, ['decimal 5.4']],
  ['Observation.component.value.as(string)',        observation, ['string "x"']],
  ['Observation.component',                         observation, ['BackboneElement {"valueString":"x"}', 'BackboneElement {"valueQuantity":{"value":1}}', 'BackboneElement {}']],
  ['Observation.effective',                         observation, ['Period {"start":"2020"}']],
  ['Observation.subject.where(resolve() is Patient)', observation, ['Reference {"reference":"Patient/1"}']],
  ['Patient.status | Observation.status',           observation, ['code "final"']],
  ['Resource.id',                                   { id: '7' },  ['id "7"']],
  ['Patient.name.given',                            patient,     ['string "Peter"', 'string "James"', 'string "Jim"']],
  ["Patient.telecom.where(system='email')",         patient,     ['ContactPoint {"system":"email","value":"a@b"}']],
  ["Patient.telecom.where(system='email' or value='2').value", patient, ['string "a@b"', 'string "2"']],
  ["Patient.telecom.where(system.exists()).value",  patient,     ['string "1"', 'string "a@b"']],
  ['Patient.deceased.exists() and Patient.deceased != false', patient, ['boolean false']],
  ["Patient.extension('http://example.org/ward')",  patient,     ['code "A"']],
  ["Patient.extension.where(url = 'http://example.org/ward').value", patient, ['code "A"']],
  ["Patient.extension.where(url='http://example.org/race').extension.value.code", patient, ['code "2106-3"']],
  ["Patient.where(hasExtension('http://example.org/ward')).name.family", patient, ['string "Chalmers"']],
  ["Patient.where(hasExtension('http://example.org/bed')).name.family", patient, []],
  ['Bundle.entry[0].resource',                      bundle,      ['Resource {"resourceType":"Composition"}']],
] as const) {
  test(`the closure of ${expression} finds ${expected.length} in its example`, () => {
    const found: string[] = []
    const type = 'resourceType' in resource ? resource.resourceType : 'Patient'
    for (const { source } of sourcesFor(type).of(expression)) {
      source.each(resource, (value, name) => found.push(`${name} ${JSON.stringify(value)}`))
    }
    assert.deepEqual(found, expected)
  })
}

test('a path that no resource of the type can have makes no source', () => {
  assert.deepEqual(sourcesFor('Patient').of('Patient.ward | Patient.name.ofType(Address) | Observation.status'), [])
})

test('the same path is the same source, however it is written', () => {
  const { of } = sourcesFor('Observation')
  const [first] = of('(Observation.value as Quantity)')
  const [second] = of('Observation.value.ofType(Quantity)')
  assert.equal(first?.source, second?.source)
  assert.equal(first?.source.path, 'Observation.value.ofType(Quantity)')
})

test('a filter on the target of a reference belongs to the use and not to the source', () => {
  const { of } = sourcesFor('Observation')
  const [subject] = of('Observation.subject')
  const [patient] = of('Observation.subject.where(resolve() is Patient)')
  assert.equal(patient?.source, subject?.source)
  assert.deepEqual([subject?.onlyTarget, patient?.onlyTarget], [undefined, 'Patient'])
})

for (const expression of ['Patient.name.first()', 'Patient..name', "Patient.name.where(use='x'", 'Patient.name + 1']) {
  test(`${expression} is refused by name`, () => {
    assert.throws(() => sourcesFor('Patient').of(expression), { name: 'TypeError', message: /^Cannot compile/ })
  })
}

test('what breaks the structure of its type is passed over', () => {
  for (const broken of [{ name: 'x' }, { name: [[]] }, { name: 5 }, { name: [{ given: {} }] }, { name: true }]) {
    for (const { source } of sourcesFor('Patient').of('Patient.name.given.extension.value')) {
      source.each(broken, () => assert.fail('nothing is there'))
    }
  }
})
