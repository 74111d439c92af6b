/** Imports among others that wait for the same worker: the only slot is let go within a file, and for good where nothing comes of it. */
import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, test } from 'node:test'
import { at, importing, scope } from './importing.ts'
import { lines, patient } from './source.ts'

const here = await importing()
after(() => here[Symbol.asyncDispose]())
const { app, north, files, token, importer, post, manifest, ask, ended, told } = here

const some = (letter: string, many: number) => Array.from({ length: many }, (_, i) => patient(`${letter}${i}`))

/** Sends the beginning, and then line by line what follows, until nobody listens. */
function trickle(response: ServerResponse, beginning: string, rest: readonly object[]) {
  response.write(beginning)
  let n = 0
  const timer = setInterval(() => response.write(lines(rest[n++] ?? {})), 100)
  response.on('close', () => clearInterval(timer))
}

/** Begins an import of a file that trickles, and one of another app, which waits; both when they have ended. */
async function withOther(path: string) {
  const asked = Promise.withResolvers<void>()
  const answer = files.answers[path]
  files.answers[path] = (request, response) => {
    answer?.(request, response)
    asked.resolve()
  }
  files.answers['/other'] = (_request, response) => response.end(lines(patient('other')))
  const its = await app.token(north, { client: await importer(north), scope })
  const begun = await post(manifest(['Patient', path]))
  await asked.promise
  files.asked.length = 0
  const other = await post(manifest(['Patient', '/other']), { token: its })
  assert.equal((await ended(at(other), its)).status, 200)
  const done = await ended(at(begun))
  return { done, asked: files.asked.map(({ url }) => url) }
}

test('an import lets others have their turn within a file, goes on behind it and counts nothing twice', async () => {
  const beginning = `${lines(...some('a', 1200))}nonsense\n${lines(...some('b', 1200))}`
  const rest = some('c', 400)
  let opened = 0
  files.answers['/long'] = (_request, response) => {
    if (++opened === 1) return trickle(response, beginning, rest)
    response.end(`${beginning}${lines(...rest)}nonsense\n`)
  }
  const { done, asked } = await withOther('/long')
  assert.deepEqual(asked, ['/other', '/long'])
  assert.deepEqual([done.json.output?.[0].count, done.json.error?.[0].count], [2800, 2], done.text)
  const sentences = await told(done.json.error[0].url)
  assert.deepEqual(
    sentences.map((sentence) => /^Line \d+:/.exec(sentence)?.[0]),
    ['Line 1201:', 'Line 2802:'],
  )
  for (const id of ['a0', 'b0', 'c399'])
    assert.equal((await app.get(north, `Patient/${id}`, token)).json.meta.versionId, '1', id)
})

test('a file that is another one when it is opened again is loaded from its beginning', async () => {
  let opened = 0
  files.answers['/changing'] = (_request, response) => {
    if (++opened === 1) return trickle(response, `nonsense\n${lines(...some('d', 5))}`, some('e', 400))
    response.end(lines(...some('f', 10)))
  }
  const { done, asked } = await withOther('/changing')
  assert.deepEqual(asked, ['/other', '/changing', '/changing'])
  assert.deepEqual([done.json.output?.[0].count, done.json.error], [10, []], done.text)
})

test('a file of which nothing can be loaded is given up; its errors say so, and the next one is loaded', async () => {
  files.answers['/bad'] = (_request, response) =>
    void response.write(lines(patient('good')) + 'nonsense\n'.repeat(5000)) // and never ends
  files.answers['/next'] = (_request, response) => response.end(lines(patient('next')))
  const begun = await post(manifest(['Patient', '/bad'], ['Patient', '/next']))
  const done = await ended(at(begun))
  const { output, error } = done.json
  assert.deepEqual(
    output?.map(({ count }: { count: number }) => count),
    [1, 1],
    done.text,
  )
  const sentences = await told(error[0].url)
  assert.equal(sentences.length, error[0].count + 1)
  assert.ok(error[0].count <= 2000, 'it was not read to its end')
  assert.match(sentences.at(-1) ?? '', /^The rest of this file was not read: of its last 1,000 lines none could be/)
  const last = (await ask(new URL(error[0].url).pathname)).text.trimEnd().split('\n').at(-1) ?? ''
  assert.equal(JSON.parse(last).issue[0].severity, 'fatal')
})
