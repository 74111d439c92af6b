import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { validateStructure } from './structure.ts'
import type { Fault } from './walk.ts'

const data = '../shared/data'
const skip = !existsSync(data) && 'needs ../shared'

/** Faults of HL7's examples that are theirs. */
const explained: Readonly<Record<string, string>> = {
  // Its id has 66 characters, and an id at most 64.
  'questionnaireresponse-extensions-QuestionnaireResponse-item-subject.json': 'SearchParameter.id',
}

test("validateStructure() accepts HL7's examples", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'examples-'))
  try {
    execFileSync('tar', ['--zstd', '-xf', join(data, 'r4/r4-spec-examples-2459.tar.zst'), '-C', folder])
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'))
    const faulty = files.flatMap((file) => {
      const faults = validateStructure(JSON.parse(readFileSync(join(folder, file), 'utf8')))
      return faults.map(({ expression }) => [file.slice(file.lastIndexOf('/') + 1), expression])
    })
    assert.equal(files.length, 2459)
    assert.deepEqual(Object.fromEntries(faulty), explained)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('validateStructure() accepts the reference data', { skip }, () => {
  const lines = readFileSync(join(data, 'inferno/inferno-reference.ndjson'), 'utf8').trim().split('\n')
  assert.equal(lines.length, 806)
  assert.deepEqual(
    lines.flatMap((line): readonly Fault[] => validateStructure(JSON.parse(line))),
    [],
  )
})

test('validateStructure() finds the one fault of patient 355 as published', { skip }, () => {
  const bundle = JSON.parse(readFileSync(join(data, 'inferno/uscore_bundle_patient_355.json'), 'utf8'))
  const faults = validateStructure(bundle)
  assert.deepEqual(
    faults.map((fault) => fault.expression),
    ['Bundle.entry[266].resource.effective.ofType(Period).stop'],
  )
})
