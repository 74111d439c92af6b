import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withLabels, withoutLabels } from './labels.ts'

const x = '{"system":"urn:s","code":"x","display":"X"}'
const y = '{"code":"y"}'
const meta = (members: string) => `{"resourceType":"Basic","id":"1","meta":{${members}},"value":1.50}`

// biome-ignore format: a table
for (const [what, resource, labels, expected] of [
  ['adds to a list',            meta(`"versionId":"1","tag":[${x}]`), `{"tag":[${y}]}`, meta(`"versionId":"1","tag":[${x},${y}]`)],
  ['adds a list',               meta('"versionId":"1"'), '{"profile":["urn:p"]}', meta('"versionId":"1","profile":["urn:p"]')],
  ['adds to empty meta',        meta(''), `{"security":[${y}]}`, meta(`"security":[${y}]`)],
  ['adds meta',                 '{"resourceType":"Basic","id":"1","value":1.50}', `{"tag":[${y}]}`, meta(`"tag":[${y}]`)],
  ['adds none that is there',   meta(`"tag":[${x}]`), '{"tag":[{"code":"x","system":"urn:s"}]}', meta(`"tag":[${x}]`)],
  ['adds one once',             meta(''), `{"tag":[${y},${y}]}`, meta(`"tag":[${y}]`)],
  ['takes no version',          meta('"versionId":"1"'), '{"versionId":"7","source":"urn:z"}', meta('"versionId":"1"')],
] as const) {
  test(`withLabels() ${what}`, () => assert.equal(withLabels(resource, labels), expected))
}

// biome-ignore format: a table
for (const [what, resource, labels, expected] of [
  ['takes one away',       meta(`"tag":[ ${x} , ${y} ],"source":"urn:z"`), '{"tag":[{"system":"urn:s","code":"x"}]}', meta(`"source":"urn:z","tag":[${y}]`)],
  ['takes a list away',    meta(`"versionId":"1","tag":[${x}]`), `{"tag":[${x}]}`, meta('"versionId":"1"')],
  ['needs the system',     meta(`"tag":[${x}]`), '{"tag":[{"code":"x"}]}', meta(`"tag":[${x}]`)],
  ['takes a profile away', meta('"profile":["urn:p","urn:q"]'), '{"profile":["urn:p"]}', meta('"profile":["urn:q"]')],
  ['does nothing without', '{"resourceType":"Basic"}', `{"tag":[${x}]}`, '{"resourceType":"Basic"}'],
] as const) {
  test(`withoutLabels() ${what}`, () => assert.equal(withoutLabels(resource, labels), expected))
}
