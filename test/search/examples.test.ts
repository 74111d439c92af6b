import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestApp, testApp } from '../support/test-app.ts'
import {
  dates,
  type Examples,
  newYork,
  others,
  quantities,
  references,
  refused,
  strings,
  terminology,
  tokens,
} from './examples.ts'

let app: TestApp

before(async () => {
  app = await testApp()
})

after(() => app[Symbol.asyncDispose]())

async function ask(practice: Awaited<ReturnType<TestApp['addPractice']>>, query: string, token: string) {
  const url = query.replace(/[^\x20-\x7e]| /g, encodeURIComponent)
  return app.get(practice, url.replace(/^\?/, '?'), token)
}

async function check({ about, zone, resources, rows }: Examples) {
  const practice = await app.addPractice(about.split(/[ ,]/)[0] ?? '', zone ? { timeZone: zone } : {})
  await app.load(practice, resources)
  const token = await app.token(practice)
  const faults: string[] = []
  for (const [query, found] of rows) {
    const answer = await ask(practice, query, token)
    const entries = (answer.json.entry ?? []) as { resource: { id: string } }[]
    const ids =
      answer.status === 200
        ? entries
            .map(({ resource }) => resource.id)
            .sort()
            .join(' ')
        : answer.text.slice(0, 300)
    if (ids !== found) faults.push(`${query} finds "${ids}", not "${found}"`)
  }
  assert.deepEqual(faults, [])
}

for (const examples of [strings, tokens, terminology, dates, newYork, quantities, references, others]) {
  test(`searching finds by ${examples.about} what the table says`, () => check(examples))
}

test('searching refuses what cannot be understood, and says why', async () => {
  const practice = await app.addPractice('refused')
  const token = await app.token(practice)
  const faults: string[] = []
  for (const [query, says] of refused) {
    const { status, json } = await ask(practice, query, token)
    const text: string = json.issue?.[0]?.details?.text ?? ''
    if (status !== 400 || !says.test(text)) faults.push(`${query} answers ${status}: ${text}`)
  }
  assert.deepEqual(faults, [])
})
