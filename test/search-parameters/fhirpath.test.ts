/** Compiled search expressions find what fhirpath.js finds in the specification's examples; every difference is explained. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compositesOf, type SearchParameter, searchParametersOf, searchParameterTable } from '#fhir'
import { type Example, examples, lacksExamples } from './examples.ts'
import { describe, evaluate, typeBehind } from './published.ts'

// biome-ignore format: the columns are the point
const explained: readonly (readonly [where: RegExp, reason: string])[] = [
  [/^Bundle (composition|message) /,             'ours calls it a Resource, fhirpath by its own type'],
  [/^Patient mothersMaidenName /,                'the expression ends in an extension: its value is meant'],
  [/^Observation gene-identifier /,              'the expression ends in an extension: its value is meant'],
  [/^Patient active undefined$/,                 'an element that has only extensions has no value; fhirpath answers it without one'],
]

const published = new Map(searchParameterTable().parameters.map((entry) => [entry.url[0], entry]))

function entryOf(parameter: SearchParameter) {
  const entry = published.get(parameter.url)
  assert.ok(entry, `${parameter.base} ${parameter.code} is in the table`)
  return entry
}

function ours(parameter: SearchParameter, resource: object): Set<string> {
  const found = new Set<string>()
  for (const { source, onlyTarget } of parameter.sources) {
    source.each(resource, (value, type) => {
      if (!onlyTarget || typeBehind(value, resource) === onlyTarget) found.add(describe(value, type))
    })
  }
  return found
}

test('compiled expressions find what fhirpath.js finds', { skip: lacksExamples }, () => {
  const differences = new Set<string>()
  let compared = 0
  for (const example of examples()) {
    for (const parameter of searchParametersOf(example.resourceType).values()) {
      if (parameter.type === 'composite') continue
      const theirs = evaluate(entryOf(parameter).expression, example, example)
      const isEqual = theirs.symmetricDifference(ours(parameter, example)).size === 0
      if (!isEqual) differences.add(`${example.resourceType} ${parameter.code} ${example.id}`)
      compared += 1
    }
  }
  assert.ok(compared > 50_000, 'the examples are of most types')
  assert.deepEqual(
    [...differences].filter((difference) => !explained.some(([where]) => where.test(difference))),
    [],
  )
  const stale = explained.filter(([where]) => ![...differences].some((difference) => where.test(difference)))
  assert.deepEqual(stale, [], 'each explanation explains something')
})

test('parts of composites find what fhirpath.js finds', { skip: lacksExamples }, () => {
  let compared = 0
  for (const example of examples()) {
    for (const composite of compositesOf(example.resourceType)) {
      for (const context of contextsOf(composite, example)) {
        compareParts(composite, context, example)
        compared += 1
      }
    }
  }
  assert.ok(compared > 500, 'the examples have composites')
})

function contextsOf({ context }: SearchParameter, example: Example): object[] {
  const contexts: object[] = []
  if (!context) return [example]
  context.each(example, (value) => contexts.push(value as object))
  return contexts
}

function compareParts(composite: SearchParameter, context: object, example: Example) {
  const { expression, component = [] } = entryOf(composite)
  const element = expression.split(' | ').find((path) => path.startsWith(`${example.resourceType}.`))
  const base = 'resourceType' in context ? undefined : element
  // Some contexts carry the resource along for `%resource`.
  const { '%resource': _, ...value } = context as { '%resource'?: object }
  for (const [at, part] of composite.components.entries()) {
    const found = new Set<string>()
    part.source.each(context, (each, type) => found.add(describe(each, type)))
    const theirs = evaluate(component[at]?.expression ?? '', value, example, base)
    assert.deepEqual(found, theirs, `${example.resourceType} ${composite.code} ${example.id}`)
  }
}

test('composites look at as many elements as fhirpath.js finds', { skip: lacksExamples }, () => {
  for (const example of examples()) {
    for (const composite of compositesOf(example.resourceType)) {
      const found = new Set(
        contextsOf(composite, example).map((each) => JSON.stringify({ ...each, '%resource': undefined })),
      )
      const theirs = evaluate(entryOf(composite).expression, example, example)
      assert.equal(found.size, theirs.size, `${example.resourceType} ${composite.code} ${example.id}`)
    }
  }
})
