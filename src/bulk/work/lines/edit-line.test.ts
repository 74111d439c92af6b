import assert from 'node:assert/strict'
import { test } from 'node:test'
import { editLine, type TakenOut } from './edit-line.ts'

const base = 'https://host/p/fhir/r4'
const never = () => assert.fail('nothing is to be taken out')

for (const [url, wanted] of [
  ['Binary/1', `${base}/Binary/1`],
  ['/files/1', 'https://host/files/1'],
  ['https://elsewhere/1', undefined],
  ['//elsewhere/1', undefined],
  ['urn:oid:1.2', undefined],
] as const) {
  test(`editLine() ${wanted ? 'completes' : 'leaves'} the address ${url}, and every other character`, () => {
    const line = (at: string) =>
      `{"resourceType":"DocumentReference","id":"1","x":1.00,"content":[{"attachment":{"contentType":"a/b","url":"${at}","size":1.0}}]}`
    assert.deepEqual(editLine(line(url), { base, addressOf: never }), { line: line(wanted ?? url), attachments: [] })
  })
}

const mega = 1_000_000
const dataOf = (letter: string, bytes: number) => Buffer.alloc(bytes, letter).toString('base64')
const lineWith = (attachments: readonly object[]) =>
  JSON.stringify({ resourceType: 'Patient', id: 'p', photo: attachments, multipleBirthInteger: 1 })

test('editLine() takes the largest attachments out of a line over 10 MB, until it fits', () => {
  const [small, large, larger] = [dataOf('s', mega), dataOf('m', 4 * mega), dataOf('l', 5 * mega)]
  const line = lineWith([
    { contentType: 'image/png', data: small, size: mega },
    { contentType: 'image/gif', data: large, hash: 'aGFzaA==' },
    { contentType: 'image/jpeg', data: larger, url: 'Binary/1' },
  ])
  const asked: TakenOut[] = []
  const edited = editLine(line, { base, addressOf: (taken) => `https://files/${asked.push(taken)}` })
  assert.deepEqual(
    edited.attachments.map(({ contentType, bytes }) => [contentType, bytes.toString('latin1', 0, 2), bytes.length]),
    [['image/jpeg', 'll', 5 * mega]],
  )
  assert.deepEqual(edited.attachments, asked)
  assert.equal(edited.notice, undefined)
  assert.equal(
    edited.line,
    lineWith([
      { contentType: 'image/png', data: small, size: mega },
      { contentType: 'image/gif', data: large, hash: 'aGFzaA==' },
      { contentType: 'image/jpeg', url: 'https://files/1' },
    ]),
  )
})

test('editLine() puts the address in the place of the data', () => {
  const edited = editLine(lineWith([{ contentType: 'a\r\nb', data: dataOf('x', 9 * mega), title: 't' }]), {
    base,
    addressOf: () => 'https://files/1',
  })
  assert.equal(edited.line, lineWith([{ contentType: 'a\r\nb', url: 'https://files/1', title: 't' }]))
  assert.equal(edited.attachments[0]?.contentType, 'application/octet-stream') // never into a header as it is
})

test('editLine() leaves a line over 10 MB that no attachment explains, and says so', () => {
  const line = JSON.stringify({ resourceType: 'Binary', id: 'b', contentType: 'a/b', data: dataOf('x', 8 * mega) })
  const { notice, ...edited } = editLine(line, { base, addressOf: never })
  assert.deepEqual(edited, { line, attachments: [] })
  assert.match(notice?.sentence ?? '', /^Binary\/b is one line of 10,666,7\d\d bytes, more than the 10,000,000/)
})
