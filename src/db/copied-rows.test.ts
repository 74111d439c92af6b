import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CopiedRows } from './copied-rows.ts'

/** https://www.postgresql.org/docs/current/protocol-message-formats.html: a type, the length with itself, the content. */
function message(type: string, content: Buffer): Buffer {
  const head = Buffer.from(`${type}    `)
  head.writeInt32BE(content.length + 4, 1)
  return Buffer.concat([head, content])
}

function row(...texts: (string | null)[]): Buffer {
  const count = Buffer.alloc(2)
  count.writeInt16BE(texts.length)
  const fields = texts.map((text) => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(text === null ? -1 : Buffer.byteLength(text))
    return Buffer.concat([length, Buffer.from(text ?? '')])
  })
  return Buffer.concat([count, ...fields])
}

const rows = [['a', null, 'ä'], ['', 'b'.repeat(40)], ['c']]
const [first = Buffer.alloc(0), ...others] = rows.map((texts) => row(...texts))
const ended = Buffer.concat([message('c', Buffer.alloc(0)), message('C', Buffer.from('COPY 3\0'))])
const sent = Buffer.concat([
  message('H', Buffer.alloc(3)),
  message('d', Buffer.concat([Buffer.alloc(19), first])), // behind the head of the file
  message('N', Buffer.from('a notice')),
  ...others.map((each) => message('d', each)),
  message('d', Buffer.from([0xff, 0xff])),
  ended,
])

for (const isSlow of [false, true]) {
  test(`rows are told whole wherever what is sent was cut${isSlow ? ', to whoever takes time, too' : ''}`, async () => {
    for (let size = 1; size <= sent.length; size++) {
      const told: (string | null)[][] = []
      const copied = new CopiedRows((bytes, fields) => {
        const length = rows[told.length]?.length ?? 0
        const texts = Array.from({ length }, (_, i) => {
          const [from = 0, to = 0] = fields.subarray(2 * i, 2 * i + 2)
          return from < 0 ? null : bytes.toString('utf8', from, to)
        })
        told.push(texts)
        return isSlow ? Promise.resolve() : undefined
      })
      const behind: Buffer[] = []
      for (let at = 0; at < sent.length; at += size) {
        const chunk = Buffer.from(sent.subarray(at, at + size))
        if (copied.rest) behind.push(chunk)
        else await copied.feed(chunk)
        if (!copied.rest) chunk.fill(0) // it is overwritten once it was taken
      }
      assert.deepEqual(told, rows, `in pieces of ${size}`)
      assert.deepEqual(Buffer.concat([copied.rest ?? Buffer.alloc(0), ...behind]), ended, `in pieces of ${size}`)
    }
  })
}

test('nothing is told after it was stopped, though it is here', async () => {
  let told = 0
  const copied = new CopiedRows(async () => {
    told++
    copied.stop()
  })
  for (const half of [sent.subarray(0, 12), sent.subarray(12)]) await copied.feed(Buffer.from(half))
  assert.equal(told, 1)
})
