/**
 * The floor of exports, a process of its own: binary COPY of the practice's texts through Node into one file, made durable.
 * Arguments: address of the database, practice, file. Prints rows, bytes and seconds.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import pg from 'pg'
import { to } from 'pg-copy-streams'

const [url = '', practice = '', file = ''] = process.argv.slice(2)
const client = new pg.Client(url)
await client.connect()
const start = performance.now()
const out = openSync(file, 'w')
const buffer = Buffer.allocUnsafe(2 * 1024 * 1024)
let [at, rows, bytes] = [0, 0, 0]
let left = Buffer.alloc(0)
let isBegun = false
const text = `copy (select body from resource where practice = ${Number(practice)}) to stdout (format binary)`
for await (const chunk of client.query(to(text))) {
  const data: Buffer = left.length > 0 ? Buffer.concat([left, chunk]) : chunk
  let from = isBegun ? 0 : 19
  isBegun = true
  while (data.length - from >= 6 && data.readInt16BE(from) === 1) {
    const length = data.readInt32BE(from + 2)
    if (data.length - from - 6 < length) break
    if (at + length + 1 > buffer.length) {
      writeSync(out, buffer, 0, at)
      at = 0
    }
    at += data.copy(buffer, at, from + 6, from + 6 + length)
    buffer[at++] = 10
    rows++
    bytes += length + 1
    from += 6 + length
  }
  left = Buffer.from(data.subarray(from))
}
writeSync(out, buffer, 0, at)
fsyncSync(out)
closeSync(out)
process.stdout.write(`${JSON.stringify({ rows, bytes, seconds: (performance.now() - start) / 1000 })}\n`)
await client.end()
