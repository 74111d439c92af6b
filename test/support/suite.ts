/** Around a run of all tests (`node --test --test-global-setup`): the server runs throughout, sources are compiled once. */
import { join } from 'node:path'
import { dataDir, testServer } from './database.ts'

let leave = async () => {}

export async function globalSetup() {
  process.env.NODE_COMPILE_CACHE ??= join(dataDir, 'compiled')
  ;({ leave } = await testServer())
}

export async function globalTeardown() {
  await leave()
}
