import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Text, textsOf } from './texts.ts'

const one = '{"resourceType":"Patient","id":"ä"}'
const pretty = '{\n  "resourceType": "Patient",\n  "x": "}\\"{"\n}'

for (const [name, file, content, expected] of [
  [
    'lines',
    'a.ndjson',
    `${one}\n\n${one}\r\n`,
    [
      [1, one],
      [3, `${one}\r`],
    ],
  ],
  [
    'a last line without a line break',
    'a.ndjson',
    `${one}\n${one}`,
    [
      [1, one],
      [2, one],
    ],
  ],
  [
    'lines, the first of them broken',
    'a.ndjson',
    `{"x\n${one}`,
    [
      [1, '{"x'],
      [2, one],
    ],
  ],
  [
    'lines in a .json file',
    'a.json',
    `${one}\n${one}\n`,
    [
      [1, one],
      [2, one],
    ],
  ],
  ['lines after a byte order mark', 'a.json', `\uFEFF${one}\n`, [[1, one]]],
  ['one resource over many lines', 'a.json', pretty, [[undefined, pretty]]],
  [
    'two after each other on standard input',
    '-',
    `${pretty}${pretty}`,
    [
      [undefined, pretty],
      [undefined, pretty],
    ],
  ],
  ['a resource that breaks off', 'a.json', '{\n "a": [', [[undefined, '{\n "a": [']]],
  ['an empty file', 'a.json', '', []],
  ['a file of white space', 'a.json', ' \n \n', []],
] as const) {
  for (const size of [1, 7, 1000]) {
    test(`textsOf() reads ${name}, ${size} bytes at a time`, async () => {
      const read = await all(file, Buffer.from(content), size)
      assert.deepEqual(
        read.map(({ place, bytes }) => [place.line, (bytes as Buffer).toString()]),
        expected,
      )
    })
  }
}

test('textsOf() gives only the length of a line that is too long, and reads on', async () => {
  const long = `{"x":"${'x'.repeat(65 * 1024 * 1024)}"}`
  const read = await all('a.ndjson', Buffer.from(`${long}\n${one}\n`), 1024 * 1024)
  assert.deepEqual(read[0]?.bytes, { length: long.length })
  assert.equal(read[1]?.bytes.toString(), one)
})

async function all(name: string, content: Buffer, size: number): Promise<Text[]> {
  const texts: Text[] = []
  for await (const some of textsOf({ name, content: chunks(content, size) })) texts.push(...some)
  return texts
}

async function* chunks(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
