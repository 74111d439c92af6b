#!/usr/bin/env node
// Node 24 runs our TypeScript as it is; an older one starts the Node 24 that npm has installed beside us.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const self = fileURLToPath(import.meta.url)
// An import reads much that it forgets at once, and a .zst may ask for a window of 128 MB besides. It stays below 350 MB
// with a small young generation and an old one that grows by 60 % between collections (by itself it takes four times as much).
const flags = process.argv[2] === 'import' ? ['--max-semi-space-size=4', '--heap-growing-percent=60'] : []

if (Number(process.versions.node.split('.')[0]) < 24) startOwnNode()
else if (flags.some((flag) => !process.execArgv.includes(flag)) && process.execve) {
  process.removeAllListeners('warning').on('warning', () => {}) // execve is experimental, and says so
  process.execve(
    process.execPath,
    [process.execPath, ...process.execArgv, ...flags, self, ...process.argv.slice(2)],
    process.env,
  )
} else {
  module.enableCompileCache() // starts in half the time
  await import(new URL('../src/cli/main.ts', import.meta.url).href)
}

function startOwnNode() {
  const own = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
  if (!existsSync(own)) {
    console.error(`Node 24 or newer is wanted, this is ${process.version}: run npm ci here, which brings it`)
    process.exit(1)
  }
  const child = spawn(own, [...flags, self, ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to both of us.
  const signals = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP']
  if (process.stdin.isTTY) process.on('SIGINT', () => {})
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}
