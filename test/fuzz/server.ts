/** A server in a process of its own, for the fuzzer: its death is seen, and its event loop is not the fuzzer's. */
import { once } from 'node:events'
import { generate } from '#sandbox'
import { serverOf } from '../../src/app.ts'
import { recordsOf } from '../access/records.ts'
import { processorMs } from '../support/processor-time.ts'
import { testApp } from '../support/test-app.ts'

const app = await testApp()
const practice = await app.addPractice('fuzz')
const lives = [...generate({ patients: 6, seed: 4, usCore: '6.1.0' })].map((line) => JSON.parse(line) as object)
for (let at = 0; at < lives.length; at += 500) await app.load(practice, lives.slice(at, at + 500))
await app.load(practice, recordsOf('fuzz'))

// only what went wrong is of interest, and it stands in the log alone
const log = {
  write(line: string) {
    const { event, stack } = JSON.parse(line) as { event: string; stack?: string }
    if (event === 'fault') process.stderr.write(`FAULT ${stack}\n`)
  },
}
const { server } = await serverOf(app.installation, log)
await server.listen({ port: 0, host: '127.0.0.1' })
const { port } = server.server.address() as { port: number }
const tokens = [
  await app.token(practice),
  await app.token(practice, { scope: 'patient/*.rs', user: 'Patient/p1', role: 'patient', patients: ['p1'] }),
  await app.token(practice, { scope: 'user/*.rs', user: 'Practitioner/dr1', role: 'clinician' }),
]
process.on('message', () => process.send?.(processorMs())) // how much it has worked
process.stdout.write(`${JSON.stringify({ port, base: '/fuzz/fhir/r4', tokens })}\n`)
await once(process.stdin.resume(), 'end')
await server.close()
await app[Symbol.asyncDispose]()
process.disconnect()
