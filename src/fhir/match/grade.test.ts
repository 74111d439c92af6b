import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Grade, match } from './grade.ts'
import { patientFacts } from './patient-facts.ts'

const ssn = (value: string) => ({ identifier: [{ system: 'http://hl7.org/fhir/sid/us-ssn', value }] })
const licence = (value: string) => ({ identifier: [{ system: 'urn:licences', value }] })
const named = (given: string, family: string, more: object = {}) => ({ name: [{ given: [given], family, ...more }] })
const home = { address: [{ line: ['12 Main Street', 'Apt 4'], city: 'Wichita', postalCode: '67203' }] }
const phone = { telecom: [{ system: 'phone', value: '316-555-0100' }] }
const born = { birthDate: '1980-03-12', gender: 'female' }
const known = { ...named('Elizabeth', 'García'), ...born, ...home, ...phone, ...ssn('999-12-3456') }

const examples: readonly (readonly [about: string, asked: object, grade: Grade, record?: object])[] = [
  ['all agrees', known, 'certain'],
  ['name, birth date and address agree', { ...named('Elizabeth', 'Garcia'), ...born, ...home }, 'certain'],
  ['a nickname is used', { ...named('Liz', 'Garcia'), ...born, ...phone }, 'certain'],
  ['name and birth date alone agree', { ...named('Elizabeth', 'Garcia'), ...born }, 'probable'],
  ['names are swapped', { ...named('Garcia', 'Elizabeth'), ...born, ...phone }, 'certain'],
  ['the family name has a slip', { ...named('Elizabeth', 'Gacria'), ...born, ...home }, 'certain'],
  ['the given name has a slip', { ...named('Elisabeth', 'Garcia'), ...born, ...home }, 'probable'],
  ['the given name has a slip, and the number agrees', { ...known, ...named('Elisabeth', 'Garcia') }, 'certain'],
  ['day and month are swapped', { ...known, birthDate: '1980-12-03', identifier: [] }, 'probable'],
  [
    'the flat is left out',
    { ...named('Elizabeth', 'Garcia'), ...born, address: [{ line: ['12 main st'], city: 'wichita' }] },
    'certain',
  ],
  [
    'the number is written without hyphens',
    { ...named('Elizabeth', 'Garcia'), birthDate: '1980-03-12', ...ssn('999123456') },
    'certain',
  ],
  ['the social security number is another', { ...known, ...ssn('123-45-6789') }, 'probable'],
  ['the social security number has a slip', { ...known, ...ssn('999-12-3465') }, 'certain'],
  [
    'the number is that of somebody else altogether',
    { ...named('Bob', 'Jones'), birthDate: '1931-01-02', gender: 'male', ...ssn('999-12-3456') },
    'possible',
  ],
  ['the gender is another', { ...known, gender: 'male', identifier: [] }, 'probable'],
  [
    'she is asked for by her maiden name',
    { ...named('Elizabeth', 'Lopez'), ...born, ...phone },
    'certain',
    { ...known, name: [...known.name, { use: 'maiden', family: 'López', given: ['Elizabeth'] }] },
  ],
  [
    'she has moved',
    { ...named('Elizabeth', 'Garcia'), ...born, ...home },
    'certain',
    {
      ...known,
      address: [
        { line: ['1 Elm'], city: 'Topeka' },
        { use: 'old', ...home.address[0] },
      ],
    },
  ],
  [
    'half of a double name is given',
    { ...named('Elizabeth', 'Garcia'), ...born, ...phone },
    'certain',
    { ...known, ...named('Elizabeth', 'García López') },
  ],
  ['the whole name is one text', { name: [{ text: 'Garcia, Elizabeth' }], ...born, ...phone }, 'certain'],
  [
    'she is called by her middle name',
    { ...named('Ann', 'Garcia'), ...born, ...phone },
    'certain',
    { ...known, name: [{ given: ['Elizabeth', 'Ann'], family: 'García' }] },
  ],
  ['she is her twin', { ...known, ...named('Margaret', 'García'), identifier: [] }, 'possible'],
  [
    'her twin has nearly her name',
    { ...known, ...named('Elizabetta', 'García'), identifier: [], multipleBirthBoolean: true },
    'probable',
  ],
  [
    'he is her husband',
    { ...named('Robert', 'García'), birthDate: '1978-01-30', gender: 'male', ...home, ...phone },
    'certainly-not',
  ],
  ['she is her mother of the same name', { ...known, birthDate: '1955-06-01', identifier: [] }, 'possible'],
  [
    'he is his father',
    { ...known, ...named('Elizabeth', 'García', { suffix: ['Sr.'] }), identifier: [] },
    'possible',
    { ...known, ...named('Elizabeth', 'García', { suffix: ['Jr'] }) },
  ],
  [
    'the record is of one who has died, and the patient lives',
    { ...known, deceasedBoolean: false, identifier: [] },
    'probable',
    { ...known, deceasedDateTime: '2020-01-01' },
  ],
  ['nothing agrees but the year', { ...named('Robert', 'Jones'), birthDate: '1980' }, 'certainly-not'],
  [
    'another number agrees',
    { ...named('Elizabeth', 'Garcia'), birthDate: '1980-03-12', ...licence('A1') },
    'certain',
    { ...known, ...licence('A1') },
  ],
]

for (const [about, asked, grade, record = known] of examples) {
  test(`match() says ${grade} when ${about}`, () => {
    const found = match(patientFacts(asked), patientFacts(record))
    assert.equal(found.grade, grade, JSON.stringify(found))
    assert.ok(found.score >= 0 && found.score <= 1)
  })
}

test('match() gives no lower grade a higher score', () => {
  const order: readonly Grade[] = ['certainly-not', 'possible', 'probable', 'certain']
  const found = examples
    .map(([, asked, , record = known]) => match(patientFacts(asked), patientFacts(record)))
    .sort((one, other) => one.score - other.score)
  const ranks = found.map(({ grade }) => order.indexOf(grade))
  assert.deepEqual(ranks, ranks.toSorted())
})

test('match() stands what is of no shape that is known', () => {
  const strange = {
    name: ['x', null, { given: 'x', family: 3 }],
    birthDate: 'soon',
    identifier: {},
    telecom: [null],
    address: [{ line: 'x' }],
  }
  assert.equal(match(patientFacts(strange), patientFacts(known)).grade, 'certainly-not')
})

test('match() compares no more than people have', () => {
  const many = Array.from({ length: 2000 }, (_, at) => at)
  const crowd = patientFacts({
    name: many.map((at) => ({ family: 'x'.repeat(300) + at, given: [`y${at}`] })),
    address: many.map((at) => ({ line: [`${at} ${'z'.repeat(300)}`] })),
  })
  assert.equal(crowd.names.length, 25)
  const start = process.cpuUsage()
  for (let run = 0; run < 10; run++) match(crowd, crowd)
  assert.ok(process.cpuUsage(start).user < 5_000_000)
})
