import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compartmentTable, searchParameterTable, usCoreTable } from '../definitions/tables.ts'
import { resourceTypes } from '../model/resource-types.ts'
import { compositesOf, fingerprint, indexPlan, searchParametersOf } from './registry.ts'

function parameter(type: string, code: string) {
  const found = searchParametersOf(type).get(code)
  assert.ok(found, `${type} has ${code}`)
  return found
}

function pathsOf(type: string, code: string) {
  return parameter(type, code).sources.map(({ source }) => source.path)
}

test('every parameter of every type can find something', () => {
  for (const type of resourceTypes) {
    for (const { code, sources, components } of searchParametersOf(type).values()) {
      assert.ok(sources.length + components.length > 0, `${type} ${code}`)
    }
  }
})

test('the keys of all sources, contexts and parts differ', () => {
  const keys = new Map<number, string>()
  const claim = (key: number, owner: string) => {
    assert.equal(key, key | 0)
    assert.equal(keys.get(key) ?? owner, owner)
    keys.set(key, owner)
  }
  for (const type of resourceTypes) {
    for (const { source } of indexPlan(type)) claim(source.key, `${type} ${source.path}`)
    for (const { context, components } of compositesOf(type)) {
      const within = context?.path ?? type
      if (context) claim(context.key, `${type} ${within}`)
      for (const { source } of components) claim(source.key, `${type} ${within} ${source.path}`)
    }
  }
  assert.ok(keys.size > 2000)
})

test('keys stay what they are, because the index in the database holds them', () => {
  const keys = ['subject', 'code', 'status', 'value-quantity'].map(
    (code) => parameter('Observation', code).sources[0]?.source.key,
  )
  assert.deepEqual(keys, [1001609698, 1382739979, -1318324106, 1834537232])
})

test('every type has the parameters of Resource', () => {
  for (const type of resourceTypes) {
    for (const code of ['_id', '_lastUpdated', '_profile', '_security', '_source', '_tag']) parameter(type, code)
  }
})

test('what is no resource type has no parameters', () => {
  assert.equal(searchParametersOf('Ward').size, 0)
  assert.equal(searchParametersOf('Resource').size, 0)
})

test('parameters share what they look at', () => {
  assert.equal(
    parameter('Observation', 'patient').sources[0]?.source,
    parameter('Observation', 'subject').sources[0]?.source,
  )
  assert.deepEqual(pathsOf('Observation', 'combo-code'), [
    ...pathsOf('Observation', 'code'),
    ...pathsOf('Observation', 'component-code'),
  ])
})

// biome-ignore format: the columns are the point
for (const [type, code, targets] of [
  ['Observation', 'patient',   ['Patient']],
  ['Observation', 'subject',   ['Device', 'Group', 'Location', 'Patient']],
  ['Encounter',   'location',  ['Location']],
  ['Bundle',      'composition', ['Composition']],
  ['Library',     'derived-from', resourceTypes],
  ['QuestionnaireResponse', 'questionnaire', ['Questionnaire']],
  ['Patient',     'name',      []],
] as const) {
  test(`${type} ${code} leads to ${targets.length} types`, () => {
    assert.deepEqual(parameter(type, code).targets, [...targets].sort())
  })
}

// biome-ignore format: the columns are the point
for (const [type, code, system, codes] of [
  ['Patient',     'gender',     'http://hl7.org/fhir/administrative-gender',                  ['male', 'female', 'other', 'unknown']],
  ['Patient',     'active',     'http://terminology.hl7.org/CodeSystem/special-values',       ['true', 'false']],
  ['Patient',     'deceased',   'http://terminology.hl7.org/CodeSystem/special-values',       ['true', 'false']],
  ['Condition',   'clinical-status', undefined,                                               ['active', 'recurrence', 'relapse', 'inactive', 'remission', 'resolved']],
  ['Observation', 'code',       undefined,                                                    undefined],
  ['Patient',     'race',       undefined,                                                    undefined],
] as const) {
  test(`${type} ${code} has ${codes?.length ?? 'no'} required codes`, () => {
    const found = parameter(type, code)
    assert.equal(found.codeSystem, system)
    assert.deepEqual(found.codes && [...found.codes], codes)
  })
}

test('a composite on the resource itself names the parameters of its parts', () => {
  const composite = parameter('Observation', 'code-value-quantity')
  assert.equal(composite.context, undefined)
  assert.deepEqual(
    composite.components.map((part) => [part.type, part.parameter?.code]),
    [
      ['token', 'code'],
      ['quantity', 'value-quantity'],
    ],
  )
})

test('a composite on elements evaluates its parts on each of them', () => {
  const { context, components } = parameter('Observation', 'combo-code-value-quantity')
  const resource = { resourceType: 'Observation', code: 1, component: [{ code: 2 }, { code: 3 }] }
  const codes: unknown[] = []
  context?.each(resource, (element) => components[0]?.source.each(element as object, (code) => codes.push(code)))
  assert.deepEqual(codes, [1, 2, 3])
})

test('a part of a composite may look at the resource around its context', () => {
  const { context, components } = parameter('MolecularSequence', 'referenceseqid-variant-coordinate')
  const resource = {
    resourceType: 'MolecularSequence',
    referenceSeq: { referenceSeqId: { text: 'NC_1' } },
    variant: [{ start: 7 }],
  }
  const found: unknown[] = []
  context?.each(resource, (element) => {
    for (const { source } of components) source.each(element as object, (value) => found.push(value))
  })
  assert.deepEqual(found, [{ text: 'NC_1' }, 7])
})

test('the plan of the index tells which kinds of search need a source, and leaves out columns', () => {
  const plan = new Map(indexPlan('Patient').map(({ source, kinds }) => [source.path, [...kinds]]))
  assert.deepEqual(plan.get('Patient.birthDate'), ['date'])
  assert.deepEqual(plan.get('Patient.name'), ['string'])
  assert.equal(plan.has('Patient.id') || plan.has('Patient.meta.lastUpdated'), false)
})

test('the fingerprints of types differ and stay', () => {
  assert.equal(new Set(resourceTypes.map(fingerprint)).size, resourceTypes.length)
  assert.equal(fingerprint('Patient'), fingerprint('Patient'))
})

test('each parameter of each compartment is known', () => {
  for (const members of Object.values(compartmentTable())) {
    for (const [type, codes] of Object.entries(members)) for (const code of codes) parameter(type, code)
  }
})

test('each parameter that a version of US Core declares is known, with its type and definition', () => {
  const published = new Map(searchParameterTable().parameters.flatMap((entry) => entry.url.map((url) => [url, entry])))
  for (const types of Object.values(usCoreTable())) {
    for (const [type, { parameters }] of Object.entries(types)) {
      for (const declared of parameters) {
        assert.equal(parameter(type, declared.code).type, declared.type)
        assert.equal(published.get(declared.definition)?.code, declared.code, declared.definition)
      }
    }
  }
})

test('each combination and include of US Core names parameters that are there', () => {
  for (const types of Object.values(usCoreTable())) {
    for (const [type, { combinations, include, revinclude }] of Object.entries(types)) {
      for (const code of Object.values(combinations)
        .flat()
        .flatMap((codes) => codes.split('+')))
        parameter(type, code)
      for (const text of [...Object.values(include).flat(), ...Object.values(revinclude).flat()]) {
        const [from = '', code = ''] = text.split(':')
        assert.equal(parameter(from, code).type, 'reference', text)
      }
    }
  }
})
