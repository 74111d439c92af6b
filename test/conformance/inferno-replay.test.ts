/** What the US Core test kit asked in two recorded runs is asked again, over the data that it was asked of. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { ndjson, type Resource } from '../support/ndjson.ts'
import { type TestApp, testApp } from '../support/test-app.ts'

const folder = '../shared/data'
const skip = !existsSync(folder) && `needs ${folder}`

interface RecordedTest {
  /** [url, status], or ["post", url, status] without the form. */
  readonly q?: readonly (readonly (string | number)[])[]
}

/** Refused in the recorded run by its own fault: 200 is right (README of the data). */
const wronglyRefused = /^(CareTeam\?.*role=|Encounter\?.*discharge-disposition=|Goal\?.*description=)/

let app: TestApp
let token: string
let practice: Awaited<ReturnType<TestApp['addPractice']>>
const resources = new Map<string, Resource>()

before(async () => {
  if (skip) return
  app = await testApp()
  practice = await app.addPractice('inferno')
  token = await app.token(practice)
  for (const each of ndjson(`${folder}/inferno/inferno-reference.ndjson`))
    resources.set(`${each.resourceType}/${each.id}`, each)
  await app.load(practice, [...resources.values()])
})

after(() => app?.[Symbol.asyncDispose]())

function recorded(version: string) {
  const tests = JSON.parse(readFileSync(`${folder}/us-core/inferno-runs-${version}.json`, 'utf8')) as RecordedTest[]
  const asked = tests.flatMap(({ q = [] }) => q.map(([url, status]) => ({ url: String(url), status })))
  return asked.filter(({ url }) => url !== 'post')
}

function matchesOf(bundle: { entry?: { search: { mode: string }; resource: Resource }[] }): Resource[] {
  return (bundle.entry ?? []).filter(({ search }) => search.mode === 'match').map(({ resource }) => resource)
}

/** Elements of the plainer parameters, so that matches can be counted in the file. */
const elements: Readonly<Record<string, readonly string[]>> = {
  patient: ['subject', 'patient', 'beneficiary'],
  encounter: ['encounter'],
  _id: ['id'],
  code: ['code', 'vaccineCode'],
  category: ['category'],
  type: ['type'],
  status: ['status'],
  intent: ['intent'],
  'lifecycle-status': ['lifecycleStatus'],
  gender: ['gender'],
  identifier: ['identifier'],
}

type Value =
  | string
  | {
      readonly reference?: string
      readonly coding?: readonly object[]
      readonly system?: string
      readonly value?: string
    }

/** What an element can be asked for as. */
function askable(value: Value): string[] {
  if (typeof value === 'string') return [value]
  if (value.reference !== undefined) return [value.reference, value.reference.split('/').at(-1) ?? '']
  const tokens = (value.coding ?? [value]) as readonly { system?: string; code?: string; value?: string }[]
  return tokens.flatMap(({ system, code, value: text }) => [code ?? text ?? '', `${system ?? ''}|${code ?? text}`])
}

/** The ids that a request of plain parameters asks for; undefined when it has others. */
function idsByHand(url: string): string[] | undefined {
  const [type, query = ''] = url.split('?')
  const asked = [...new URLSearchParams(query)].filter(([name]) => name !== '_revinclude')
  if (asked.some(([name]) => !elements[name]) || (type === 'DocumentReference' && query.includes('encounter')))
    return undefined
  const found = [...resources.values()].filter((resource) => {
    if (resource.resourceType !== type) return false
    return asked.every(([name, text]) => {
      const values = (elements[name] ?? []).flatMap((element) => (resource[element] ?? []) as Value[]).flatMap(askable)
      return text.split(',').some((one) => values.includes(one))
    })
  })
  return found.map(({ id }) => id).sort()
}

for (const version of ['4.0.0', '6.1.0']) {
  test(`the run of US Core ${version} is answered as recorded`, { skip }, async () => {
    const faults: string[] = []
    let counted = 0
    for (const { url, status } of recorded(version)) {
      const isRead = !url.includes('?') && url.includes('/')
      if (isRead && !resources.has(url.split('/_history')[0] ?? '')) continue
      const wanted = wronglyRefused.test(url) ? 200 : status
      const answer = await app.get(practice, url.includes('?') ? `${url}&_count=1000` : url, token)
      if (answer.status !== wanted)
        faults.push(`${url} answers ${answer.status}, not ${wanted}: ${answer.text.slice(0, 200)}`)
      if (answer.status !== 200 || !url.includes('?')) continue
      const matches = matchesOf(answer.json)
      const ids = idsByHand(url)
      if (!ids) continue
      counted += 1
      const given = matches.map(({ id }) => id).sort()
      if (given.join() !== ids.join()) faults.push(`${url} finds ${given}, not ${ids}`)
    }
    assert.deepEqual([...new Set(faults)], [])
    assert.ok(counted > 300, `${counted} are counted by hand`)
  })
}
