import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { isResourceType, validateStructure } from '#fhir'
import { authorization, clinic, served } from '../stand-ins/served.ts'
import { operations } from './index.ts'
import { definitionId, operationDefinition } from './operation-definition.ts'

const machinery = ['index.ts', 'operation.ts', 'operation-routes.ts', 'operation-definition.ts']
const files = readdirSync(fileURLToPath(new URL('.', import.meta.url)))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !machinery.includes(file))
  .map((file) => file.replace('.ts', ''))

test('each file of the folder is an operation of the list, and the other way round', () => {
  const named = operations.map(({ code }) => code)
  for (const file of files)
    assert.ok(
      operations.some((each) => fileOf(each) === file),
      `${file}.ts is not in the list`,
    )
  assert.equal(operations.length, files.length, named.join())
})

/** `everything.ts`, and with the type where two operations have one code: `validate-code-value-set.ts`. */
function fileOf({ code, resources }: (typeof operations)[number]): string {
  const isAlone = operations.filter((each) => each.code === code).length === 1
  const type = (resources[0] ?? '').replaceAll(/(?<=.)[A-Z]/g, '-$&').toLowerCase()
  return isAlone ? code : `${type}-${code}`
}

for (const operation of operations) {
  const id = definitionId(operation)
  test(`the OperationDefinition of $${operation.code} (${id}) is sound and can be read`, async () => {
    const definition = operationDefinition({ base: 'http://here/clinic/fhir/r4', practice: clinic }, id, operations)
    assert.deepEqual(validateStructure(definition), [])
    await using app = await served()
    const answer = await app.inject({ url: `/clinic/fhir/r4/OperationDefinition/${id}`, headers: { authorization } })
    assert.deepEqual(answer.json(), definition)
  })

  test(`$${operation.code} (${id}) names types that there are, and examples of its levels`, () => {
    for (const type of operation.resources) assert.ok(isResourceType(type) || type === 'Resource', type)
    assert.equal(
      operation.resources.length > 0,
      operation.on.some((level) => level !== 'system'),
    )
    assert.ok(operation.examples.length > 0)
    for (const example of operation.examples)
      assert.match(example, new RegExp(`^(GET|POST) \\S*\\$${operation.code}\\b`))
  })
}

test('the ids of the definitions differ', () => {
  assert.equal(new Set(operations.map(definitionId)).size, operations.length)
})
