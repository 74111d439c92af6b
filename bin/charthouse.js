#!/usr/bin/env node
// Node 24 runs our TypeScript as it is; an older one starts the Node 24 that npm has installed beside us.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const main = new URL('../src/cli/main.ts', import.meta.url)
if (Number(process.versions.node.split('.')[0]) >= 24) {
  module.enableCompileCache() // starts in half the time
  await import(main.href)
} else {
  const own = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
  if (!existsSync(own)) {
    console.error(`Node 24 or newer is wanted, this is ${process.version}: run npm ci here, which brings it`)
    process.exit(1)
  }
  const child = spawn(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}
