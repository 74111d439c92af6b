/** `npm run test:long`: FUZZ=n requests (100,000), SEED=n. */
import { fuzz, shortfall, table } from '../fuzz/fuzz.ts'

const requests = Number(process.env.FUZZ ?? 100_000)
const seed = Number(process.env.SEED ?? 1)
const report = await fuzz(requests, seed, (done) => process.stderr.write(`${done} of ${requests}\r`))
console.log(`Seed ${seed}\n${table(report)}`)
for (const failure of report.failures) console.error(failure)
const short = shortfall(report)
if (short) console.error(short)
if (short || report.failures.length > 0) process.exitCode = 1
