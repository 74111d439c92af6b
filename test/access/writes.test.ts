/**
 * No write reaches what its principal may not see: every principal of the leak suite, with all letters on its scopes, at
 * practices that let everybody write.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { changeSettings } from '#platform'
import { type Clinic, openClinic } from './clinic.ts'
import { examples } from './examples.ts'
import type { Example } from './model.ts'
import type { Resource } from './records.ts'

/** So many unseen resources for each principal. */
const most = 10

let clinic: Clinic
before(async () => {
  clinic = await openClinic()
  const on = { writes: 'on', patientWrites: 'on', validation: 'off' }
  for (const id of ['north', 'south']) await changeSettings(clinic.app.installation.db, id, on)
})
after(() => clinic[Symbol.asyncDispose]())

function writing(example: Example): Example {
  return { ...example, scope: example.scope.replaceAll(/(?<=\/(?:\*|\w+)\.)(?:rs|r|s|read)(?=[?\s]|$)/g, 'cruds') }
}

for (const [number, each] of examples.entries()) {
  test(`${each.name} changes nothing unseen`, async () => {
    const example = writing(each)
    const model = clinic.modelOf(example)
    const unseen = clinic.stored(example.practice).filter((resource) => !model.sees('read', resource))
    // other ones for each principal
    const some = unseen.filter((_, index) => (index + number) % Math.max(1, Math.floor(unseen.length / most)) === 0)
    const token = await clinic.tokenOf(example)
    await Promise.all(some.map((resource) => refusesAll(example.practice, token, resource)))
  })
}

async function refusesAll(practice: string, token: string, resource: Resource) {
  const { resourceType: type, id } = resource
  const send = async (method: string, path: string, payload?: string, contentType = 'application/fhir+json') => {
    const headers = { authorization: `Bearer ${token}`, ...(payload !== undefined && { 'content-type': contentType }) }
    const url = `/${practice}/fhir/r4/${path}`
    const { status, text } = await clinic.app.request({
      method,
      url,
      headers,
      ...(payload !== undefined && { payload }),
    })
    // what stands there is not told either
    assert.ok(!text.includes('"meta"'), `${method} ${path} shows ${text.slice(0, 300)}`)
    return status
  }
  const isRefused = (what: string, status: number, allowed: readonly number[]) =>
    assert.ok(allowed.includes(status), `${what} of ${type}/${id} is answered ${status}`)

  const patch = '[{"op":"add","path":"/language","value":"en"}]'
  const jsonPatch = 'application/json-patch+json'
  const put = JSON.stringify({ ...resource, language: 'en' })
  isRefused('update', await send('PUT', `${type}/${id}`, put), [403])
  isRefused('patch', await send('PATCH', `${type}/${id}`, patch, jsonPatch), [403, 404])
  isRefused('conditional patch', await send('PATCH', `${type}?_id=${id}`, patch, jsonPatch), [403, 404])
  isRefused('delete', await send('DELETE', `${type}/${id}`), [204, 403])
  isRefused('conditional delete', await send('DELETE', `${type}?_id=${id}`), [204, 403])
  const stored = await clinic.app.storeOf(clinic.practice(practice)).read(() => all, type, id)
  assert.ok(stored.state === 'current' && stored.row.version === 1, `${type}/${id} was changed`)
}

const all = { any: [{ where: [], hidden: [] }] }
