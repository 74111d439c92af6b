/** `npm run test:long`: the leak matrix with every shape for every principal. */
import { spawnSync } from 'node:child_process'

const { status } = spawnSync(process.execPath, ['--test', 'test/access/leaks.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, LEAKS: 'full' },
})
process.exitCode = status ?? 1
