import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayCall } from './public-address.ts'

for (const address of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::5']) {
  test(`mayCall() admits ${address}`, () => assert.equal(mayCall(address, false), true))
}

// biome-ignore format: a table
for (const address of [
  '127.0.0.1', '127.9.9.9', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254',
  '100.64.0.1', '192.0.0.192', '198.18.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'fc00::1', 'fd12::1',
  'ff02::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '64:ff9b::a00:1', '2001:db8::1', '2002:a00:1::1',
  '2001::1',
]) {
  test(`mayCall() refuses ${address}`, () => assert.equal(mayCall(address, false), false))
}

for (const [address, expected] of [
  ['127.0.0.1', true],
  ['::1', true],
  ['10.0.0.1', false],
  ['169.254.169.254', false],
] as const) {
  test(`in development mayCall() ${expected ? 'admits' : 'refuses'} ${address}`, () =>
    assert.equal(mayCall(address, true), expected))
}
