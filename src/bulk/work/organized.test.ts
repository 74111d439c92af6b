import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { exportEngine, lives } from '../../../test/support/export-engine.ts'
import { assertSame, type Made } from '../../../test/support/made-export.ts'

const engine = await exportEngine()
after(() => engine[Symbol.asyncDispose]())

const practice = await engine.addPractice()
await practice.load(lives(3))

interface Resource {
  readonly resourceType: string
  readonly id?: string
  readonly parameter?: readonly { readonly name: string; readonly valueReference: { readonly reference?: string } }[]
}

/** The lines of each file, parsed, in the order of files. */
async function filesOf(made: Made): Promise<{ name: string; continuesIn: string | undefined; lines: Resource[] }[]> {
  const all = (await made.linesOf('output')).map((line) => JSON.parse(line) as Resource)
  const outputs = made.files.filter(({ kind }) => kind === 'output')
  return outputs.map(({ name, lines, continuesIn }) => ({ name, continuesIn, lines: all.splice(0, lines) }))
}

const headerOf = ({ resourceType, parameter }: Resource) =>
  resourceType === 'Parameters' ? parameter?.[0]?.valueReference.reference : undefined

test('organized by Patient each record is a block: its header, the Patient, then the rest, every row once', async () => {
  const made = await practice.run({ organizedBy: 'Patient' }, { mostLines: 10_000 })
  const names = /^\{"resourceType":"Patient"|"(?:subject|patient|beneficiary|individual)":\{"reference":"Patient\//
  const state = await practice.stateAt(made.exported.t)
  const own = new Map([...state].filter(([key, text]) => names.test(text) && !key.startsWith('Group/')))
  const [file, ...others] = await filesOf(made)
  assert.ok(file && others.length === 0)
  const headers = file.lines.flatMap((line, i) => (headerOf(line) ? [[headerOf(line), i] as const] : []))
  assert.deepEqual(headers.map(([reference]) => reference).toSorted(), ['Patient/p1', 'Patient/p2', 'Patient/p3'])
  for (const [reference, i] of headers) {
    const next: Resource | undefined = file.lines[i + 1]
    assert.equal(`${next?.resourceType}/${next?.id}`, reference)
  }
  assertSame(new Map([...made.lines].filter(([key]) => own.has(key))), own)
})

test('a block that is larger than a file may be goes on in the next, which is named, under its header', async () => {
  const made = await practice.run({ organizedBy: 'Patient' }, { mostBytes: 50_000, mostLines: 10_000 })
  const files = await filesOf(made)
  assert.ok(files.length > 3)
  assert.ok(files.some(({ continuesIn }) => continuesIn !== undefined))
  for (const [i, { continuesIn, lines }] of files.entries()) {
    assert.ok(lines[0] && headerOf(lines[0]), 'a file begins with a header')
    if (continuesIn === undefined) continue
    const next: (typeof files)[number] | undefined = files[i + 1]
    assert.equal(continuesIn, next?.name)
    assert.equal(
      headerOf(next?.lines[0] as Resource),
      lines.map(headerOf).findLast((header) => header),
    )
  }
  assert.deepEqual(
    [...made.lines.keys()].toSorted(),
    [...(await practice.run({ organizedBy: 'Patient' }, { mostLines: 10_000 })).lines.keys()].toSorted(),
  )
})

test('the block of a patient who was deleted has the right header, whoever else its lines name', async () => {
  const there = await engine.addPractice()
  const reference = 'Patient/gone'
  await there.load([
    ...['gone', 'other'].map((id) => ({ resourceType: 'Patient', id })),
    {
      ...{ resourceType: 'Observation', id: 'o', status: 'final', performer: [{ reference: 'Patient/other' }] },
      ...{ subject: { reference }, code: { text: 'weight' } },
    },
  ])
  await there.remove(reference)
  const [file] = await filesOf(await there.run({ organizedBy: 'Patient' }))
  const at = file?.lines.findIndex(({ id }) => id === 'o') ?? 0
  assert.equal(headerOf(file?.lines[at - 1] as Resource), reference)
})
