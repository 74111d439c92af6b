import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Charthouse } from '../charthouse.ts'
import { groupToExport, registerExporter } from './exports.ts'

/** Keeps what it is told, and the key set that it is shown. */
function listener() {
  const commands: string[][] = []
  const shown: { keys?: Readonly<Record<string, unknown>>[] } = {}
  const run = async (...args: readonly string[]) => {
    commands.push([...args])
    const file = args[args.indexOf('--jwks') + 1]
    if (args.includes('--jwks') && file) Object.assign(shown, JSON.parse(readFileSync(file, 'utf8')))
    return '{"client_id":"exporter"}'
  }
  return { commands, shown, charthouse: { run } as unknown as Charthouse }
}

test('registerExporter() shows the server the public key, keeps the private one, and permits the Group alone', async () => {
  const { commands, shown, charthouse } = listener()
  const app = await registerExporter(charthouse, ['--name', 'kit'], { practice: 'north', group: '1a' })
  const [ours] = (JSON.parse(app.jwks) as { keys: Record<string, unknown>[] }).keys
  const { d, ...told } = { ...ours, key_ops: ['verify'] } as Record<string, unknown>
  assert.equal(typeof d, 'string')
  assert.deepEqual(shown.keys, [told])
  assert.deepEqual(commands.at(-1)?.slice(0, 3), ['app', 'permit', 'exporter'])
  assert.deepEqual(commands.at(-1)?.slice(-2), ['--group', '1a'])
})

for (const [does, group, made] of [
  ['takes the Group that the data has', '1a', []],
  ['makes a Group of the patients where the data has none', undefined, ['--member', 'p1', '--member', 'p2']],
] as const) {
  test(`groupToExport() ${does}`, async () => {
    const { commands, charthouse } = listener()
    const target = { url: '', token: '', patients: 'p1,p2', checkServes() {}, ...(group && { group }) }
    assert.equal(await groupToExport(charthouse, 'north', target), group ?? 'kit')
    const added = commands.find(([noun]) => noun === 'group') ?? []
    assert.deepEqual(
      added.filter((word) => word === '--member' || /^p\d$/.test(word)),
      [...made],
    )
  })
}
