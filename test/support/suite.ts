/** Around a run of all tests (`node --test --test-global-setup`): the server runs throughout, sources are compiled once. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testServer } from './database.ts'

let leave = async () => {}

export async function globalSetup() {
  process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache') // where bin/charthouse.js has it, too
  ;({ leave } = await testServer())
}

export async function globalTeardown() {
  await leave()
}
