import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { validateStructure } from '#fhir'
import type { Fault } from './faults-file.ts'
import { importFrom } from './import-from.ts'
import { standInStore } from './stand-in-store.ts'

const data = new URL('../../../shared/data/', import.meta.url).pathname
const skip = !existsSync(data) && 'needs ../shared'

test('importFrom() loads synthea-100 with structural checks', { skip }, async () => {
  const { store, summary, faults } = await loaded('synthea/synthea-100.ndjson.zst')
  assert.deepEqual(faults, [])
  assert.equal(store.texts.size, 40_491)
  assert.equal(summary.byType.get('Patient')?.created, 100)
  assert.equal(
    summary.byType.get('Observation')?.created,
    [...store.texts.keys()].filter((key) => key.startsWith('Observation/')).length,
  )
})

test('importFrom() loads the raw Synthea Bundles but the one whose reference matches two practitioners', {
  skip,
}, async () => {
  const { store, summary, faults } = await loaded('synthea/bundles-21-raw-synthea-transactions.tar.zst')
  const reason =
    'Cannot resolve "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999999539": it matches 2, ' +
    'Practitioner/9c2571db-c59e-3218-a70a-ca0509632172, Practitioner/87eb9520-525d-31ad-8e21-14d0f4f21219; ' +
    "none of the Bundle's 659 entries is loaded"
  assert.deepEqual(
    faults.map((fault) => fault.reason),
    [reason],
  )
  assert.deepEqual([summary.counts.failed, store.texts.size], [659, 13_019 - 659])
  assert.ok([...store.texts.values()].every((text) => !/"reference"\s*:\s*"(urn:|[A-Za-z]+\?)/.test(text)))
})

test('importFrom() refuses the one Observation of the published Inferno Bundles that R4 does not allow', {
  skip,
}, async () => {
  const { faults } = await loaded('inferno/uscore_bundle_patient_355.json')
  assert.match(faults.map((fault) => fault.reason).join(), /stop/)
})

async function loaded(path: string) {
  const store = standInStore()
  const faults: Fault[] = []
  const validate = (resource: object) =>
    validateStructure(resource).map(({ expression, sentence }) => `${expression}: ${sentence}`)
  const summary = await importFrom([data + path], { ...store, validate, fault: (fault) => void faults.push(fault) })
  return { store, summary, faults }
}
