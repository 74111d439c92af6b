/** `npm run test:long`: the leak matrix with 400 shapes for each principal, and conditional reads of every record. */
import { spawnSync } from 'node:child_process'

const { status } = spawnSync(process.execPath, ['--test', 'test/access/leaks.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, LEAKS: process.env.LEAKS ?? '400' },
})
process.exitCode = status ?? 1
