/** `npm run test:long`: the leak matrix with 400 shapes for each principal, conditional reads of every record, every version, and 400 apps that export. */
import { spawnSync } from 'node:child_process'

const { status } = spawnSync(
  process.execPath,
  ['--test', 'test/access/leaks.test.ts', 'test/access/versions.test.ts', 'test/access/exports.test.ts'],
  {
    stdio: 'inherit',
    env: { ...process.env, LEAKS: process.env.LEAKS ?? '400' },
  },
)
process.exitCode = status ?? 1
