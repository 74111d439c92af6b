import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '#lib'
import { resourceTypes } from '../model/resource-types.ts'
import { parseConstraint, parseSearch, type SearchRequest } from './parse.ts'
import type { Condition } from './query.ts'
import type { SearchTerminology } from './reading/place.ts'

const codes = [
  { system: 'http://loinc.org', code: '1-8' },
  { system: 'http://loinc.org', code: '2-6' },
]

const terminology: SearchTerminology = {
  expand: (url) => (url === 'http://example.org/labs' ? codes : undefined),
  below: (system, code) => (system === 'http://loinc.org' ? [code, `${code}a`] : undefined),
  above: (system, code) => (system === 'http://loinc.org' ? [code, 'root'] : undefined),
}

function search(url: string, request: Partial<SearchRequest> = {}) {
  const [type = '', query = ''] = url.split('?')
  return parseSearch({
    types: [type],
    parameters: [...new URLSearchParams(query)],
    handling: 'strict',
    zone: 'America/New_York',
    bases: ['http://here/fhir'],
    defaultCount: 20,
    maximumCount: 1000,
    terminology,
    ...request,
  })
}

function conditionOf(url: string): Condition {
  const [conditions] = search(url).conditions.values()
  const [condition] = conditions ?? []
  assert.ok(condition)
  return condition
}

function valuesOf(url: string) {
  const condition = conditionOf(url)
  assert.equal(condition.kind, 'parameter')
  return condition.kind === 'parameter' ? condition.values : []
}

const utc = Date.UTC

// biome-ignore format: the columns are the point
for (const [url, values] of [
  ['Patient?name=eve',                      [{ kind: 'string', text: 'eve' }]],
  ['Patient?name=a\\,b,c\\$\\|\\\\d',       [{ kind: 'string', text: 'a,b' }, { kind: 'string', text: 'c$|\\d' }]],
  ['Patient?name:missing=true',             [{ kind: 'missing', missing: true }]],
  ['Patient?gender=male,other',             [{ kind: 'token', code: 'male' }, { kind: 'token', code: 'other' }]],
  ['Patient?identifier=urn:a|7',            [{ kind: 'token', system: 'urn:a', code: '7' }]],
  ['Patient?identifier=|7',                 [{ kind: 'token', system: null, code: '7' }]],
  ['Patient?identifier=urn:a|',             [{ kind: 'token', system: 'urn:a' }]],
  ['Patient?identifier=urn:a|7\\|8',        [{ kind: 'token', system: 'urn:a', code: '7|8' }]],
  ['Patient?identifier:of-type=urn:t|MR|7', [{ kind: 'of-type', system: 'urn:t', code: 'MR', value: '7' }]],
  ['Observation?code:text=glucose',         [{ kind: 'string', text: 'glucose' }]],
  ['Observation?code:in=http://example.org/labs', [{ kind: 'tokens', tokens: codes }]],
  ['Observation?code:below=http://loinc.org|1', [{ kind: 'tokens', tokens: [{ system: 'http://loinc.org', code: '1' }, { system: 'http://loinc.org', code: '1a' }] }]],
  ['Observation?code:above=http://loinc.org|1', [{ kind: 'tokens', tokens: [{ system: 'http://loinc.org', code: '1' }, { system: 'http://loinc.org', code: 'root' }] }]],
  ['Condition?clinical-status=urn:x|other', [{ kind: 'token', system: 'urn:x', code: 'other' }]],
  ['Observation?subject=7',                 [{ kind: 'reference', id: '7' }]],
  ['Observation?patient=7',                 [{ kind: 'reference', id: '7', type: 'Patient' }]],
  ['Observation?subject:Group=7',           [{ kind: 'reference', id: '7', type: 'Group' }]],
  ['Observation?subject=Device/7/_history/2', [{ kind: 'reference', type: 'Device', id: '7', version: '2' }]],
  ['Observation?subject=http://here/fhir/Patient/7', [{ kind: 'reference', type: 'Patient', id: '7' }]],
  ['Observation?subject=http://there/fhir/Patient/7', [{ kind: 'url', url: 'http://there/fhir/Patient/7' }]],
  ['Observation?subject=urn:uuid:7f',       [{ kind: 'url', url: 'urn:uuid:7f' }]],
  ['Observation?subject:identifier=urn:a|7', [{ kind: 'token', system: 'urn:a', code: '7' }]],
  ['QuestionnaireResponse?questionnaire=http://q|2.0', [{ kind: 'url', url: 'http://q|2.0' }]],
  ['ValueSet?url:below=http://acme.org',    [{ kind: 'url', url: 'http://acme.org' }]],
  ['Patient?birthdate=2020',                [{ kind: 'date', prefix: 'eq', low: utc(2020, 0, 1, 5), high: utc(2021, 0, 1, 5) }]],
  ['Patient?birthdate=ge2020-07-04',        [{ kind: 'date', prefix: 'ge', low: utc(2020, 6, 4, 4), high: utc(2020, 6, 5, 4) }]],
  ['Observation?date=eq2020-03-08',         [{ kind: 'date', prefix: 'eq', low: utc(2020, 2, 8, 5), high: utc(2020, 2, 9, 4) }]],
  ['Observation?date=sa2020-01-01T10:30',   [{ kind: 'date', prefix: 'sa', low: utc(2020, 0, 1, 15, 30), high: utc(2020, 0, 1, 15, 31) }]],
  ['Observation?date=2020-01-01T10:30:00Z', [{ kind: 'date', prefix: 'eq', low: utc(2020, 0, 1, 10, 30), high: utc(2020, 0, 1, 10, 30, 1) }]],
  ['Observation?date=2020-01-01T10:30:00.5Z', [{ kind: 'date', prefix: 'eq', low: utc(2020, 0, 1, 10, 30, 0, 500), high: utc(2020, 0, 1, 10, 30, 0, 600) }]],
  ['Observation?date=2020-01-01T10:30:00+02:00', [{ kind: 'date', prefix: 'eq', low: utc(2020, 0, 1, 8, 30), high: utc(2020, 0, 1, 8, 30, 1) }]],
  ['RiskAssessment?probability=5.40',       [{ kind: 'number', prefix: 'eq', value: 5.4, low: 5.395, high: 5.405 }]],
  ['RiskAssessment?probability=lt100',      [{ kind: 'number', prefix: 'lt', value: 100, low: 99.5, high: 100.5 }]],
  ['RiskAssessment?probability=1e2',        [{ kind: 'number', prefix: 'eq', value: 100, low: 95, high: 105 }]],
  ['RiskAssessment?probability=-0.3',       [{ kind: 'number', prefix: 'eq', value: -0.3, low: -0.35, high: -0.25 }]],
  ['RiskAssessment?probability=5.40e-3',    [{ kind: 'number', prefix: 'eq', value: 0.0054, low: 0.005395, high: 0.005405 }]],
  ['Observation?value-quantity=5.4|http://u|mg', [{ kind: 'quantity', prefix: 'eq', value: 5.4, low: 5.35, high: 5.45, system: 'http://u', unit: 'mg' }]],
  ['Observation?value-quantity=ap5.4||mg',  [{ kind: 'quantity', prefix: 'ap', value: 5.4, low: 5.35, high: 5.45, unit: 'mg' }]],
  ['Observation?value-quantity=5',          [{ kind: 'quantity', prefix: 'eq', value: 5, low: 4.5, high: 5.5 }]],
  ['Observation?code-value-quantity=8-1$gt5||mg', [{ kind: 'composite', parts: [{ kind: 'token', code: '8-1' }, { kind: 'quantity', prefix: 'gt', value: 5, low: 4.5, high: 5.5, unit: 'mg' }] }]],
  ['Location?near=42.2|-83.7|2|m',          [{ kind: 'near', latitude: 42.2, longitude: -83.7, kilometres: 0.002 }]],
  ['Location?near=42.2|-83.7',              [{ kind: 'near', latitude: 42.2, longitude: -83.7, kilometres: 50 }]],
] as const) {
  test(`parseSearch() reads ${url}`, () => assert.deepEqual(valuesOf(url.replaceAll('+', '%2B')), values))
}

test('a plus that the URL turned into a blank still is an offset', () => {
  const [value] = valuesOf('Observation?date=2020-01-01T10:30:00+02:00')
  assert.equal(value?.kind === 'date' && value.low, utc(2020, 0, 1, 8, 30))
})

// biome-ignore format: the columns are the point
for (const [url, kind, sentence] of [
  ['Patient?birthdat=2020',            'incorrect', /^Cannot search Patient by "birthdat": there is no such parameter, did you mean "birthdate"\? Patient has _id, .*birthdate/],
  ['Patient?ward=B',                   'incorrect', /there is no such parameter; Patient has _id/],
  ['Patient?_text=x',                  'incorrect', /there is no such parameter/],
  ['Patient?name=',                    'incorrect', /"name": it has no value/],
  ['Patient?name=a,',                  'incorrect', /"a," has an empty alternative/],
  ['Patient?name:exakt=a',             'incorrect', /it takes :missing, :exact, :contains, not ":exakt"/],
  ['Patient?birthdate:exact=2020',     'incorrect', /it takes :missing, not ":exact"/],
  ['Patient?name:missing=yes',         'incorrect', /"yes" is neither true nor false/],
  ['Patient?birthdate=20-01-01',       'incorrect', /"20-01-01" is not a date/],
  ['Patient?birthdate=2021-02-29',     'incorrect', /"2021-02-29" is not a date/],
  ['Patient?gender=xyz',               'incorrect', /"xyz" is not one of its codes: male, female, other, unknown/],
  ['Patient?gender=http://hl7.org/fhir/administrative-gender|xyz', 'incorrect', /"xyz" is not one of its codes/],
  ['Patient?active=maybe',             'incorrect', /"maybe" is not one of its codes: true, false/],
  ['Patient?identifier=a|b|c',         'incorrect', /"a\|b\|c" is not a token/],
  ['Patient?identifier=|',             'incorrect', /"\|" is not a token/],
  ['Patient?identifier:of-type=MR|7',  'incorrect', /does not name system\|code\|value/],
  ['Observation?code:in=http://x',     'incorrect', /the value set "http:\/\/x" is not loaded/],
  ['Observation?code:below=1',         'incorrect', /has to name system\|code/],
  ['Observation?code:below=urn:x|1',   'incorrect', /"1" in the code system "urn:x" is not loaded/],
  ['Observation?patient:Group=7',      'incorrect', /it takes :missing, .* and :Patient, not ":Group"/],
  ['Observation?subject:Patient=Group/7', 'incorrect', /"Group\/7" is not a reference to Patient/],
  ['Observation?subject=Ward/7',       'incorrect', /"Ward" is not a resource type/],
  ['Observation?subject=a b',          'incorrect', /"a b" is not a reference/],
  ['Observation?value-quantity=5|mg',  'incorrect', /"5\|mg" is not a quantity/],
  ['Observation?value-quantity=much',  'incorrect', /"much" is not a number/],
  ['RiskAssessment?probability=1e400', 'incorrect', /"1e400" is too large/],
  ['Observation?code-value-quantity=8-1', 'incorrect', /does not have 2 values with \$ between them/],
  ['Location?near=100|0',              'incorrect', /"100\|0" is not a position/],
  ['Location?near=1|0|1|miles',        'incorrect', /"miles" is not a unit of length/],
  ['Patient?_id=a/b',                  'incorrect', /"a\/b" is not an id/],
  ['Patient?_id:exact=a',              'incorrect', /it takes :not/],
  ['Patient?_list=$current-problems',  'unsupported', /is not kept here/],
  ['Patient?_count=5&_count=6',        'incorrect', /"_count" twice/],
  ['Patient?_count=-1',                'incorrect', /"-1" is not a whole number/],
  ['Patient?_sort=naame',              'incorrect', /"naame": there is no such parameter, did you mean "name"/],
  ['Observation?_sort=code-value-quantity', 'incorrect', /has no order/],
  ['Patient?_total=many',              'incorrect', /"many" is not one of none, estimate, accurate/],
  ['Patient?_summary=',                'incorrect', /"_summary": it has no value/],
  ['Patient?_elements=ward',           'incorrect', /"ward" is not an element of Patient/],
  ['Patient?_contained=true',          'unsupported', /contained resources/],
  ['Patient?_type=Observation',        'incorrect', /"Observation" is not among/],
  ['Patient?_include=Patient:ward',    'incorrect', /there is no such parameter/],
  ['Patient?_include=Patient:name',    'incorrect', /"name" of Patient is not a reference but a string/],
  ['Patient?_include=Patient',         'incorrect', /is not of the form Type:parameter:Target/],
  ['Patient?_include=Ward:name',       'incorrect', /"Ward" is not a resource type/],
  ['Patient?_include=Patient:organization:Group', 'incorrect', /does not lead to "Group"/],
  ['Patient?_revinclude=Encounter:location', 'incorrect', /Encounter:location does not lead to Patient/],
  ['Patient?_include:all=Patient:link', 'incorrect', /there is no such parameter/],
  ['Observation?code.name=x',          'incorrect', /"code" of Observation is not a reference but a token/],
  ['Observation?subject:Practitioner.name=x', 'incorrect', /Observation:subject does not lead to "Practitioner" but to Device, Group, Location, Patient/],
  ['Observation?subject.famly=x',      'incorrect', /Cannot search Patient by "famly": there is no such parameter, did you mean "family"/],
  ['Observation?patient.birthdate=x',  'incorrect', /"x" is not a date/],
  ['Patient?_has:Observation:patient=x', 'incorrect', /write _has:Type:reference:parameter/],
  ['Patient?_has:Observation:specimen:code=x', 'incorrect', /Observation:specimen does not lead to Patient/],
  ['Patient?link.link.link.link.link.link.name=x', 'too-costly', /chains reach at most 5 steps/],
] as const) {
  test(`parseSearch() refuses ${url}`, () => {
    assert.throws(() => search(url), (problem) => {
      assert.ok(problem instanceof Problem)
      assert.equal(problem.kind, kind)
      assert.match(problem.message, sentence)
      return true
    })
  })
}

test('a fault deep in a chain names the whole parameter', () => {
  const url = 'Observation?subject:Patient.gender=xyz'
  assert.throws(() => search(url), { expression: ['subject:Patient.gender'], issue: 'code-invalid' })
})

/** A condition as text: what leads where. */
function outline(condition: Condition): string {
  switch (condition.kind) {
    case 'parameter':
      return `${condition.parameter.base}.${condition.parameter.code}`
    case 'chain':
      return `${condition.parameter.base}.${condition.parameter.code} → (${condition.targets.map(({ condition }) => outline(condition)).join(' | ')})`
    case 'has':
      return `${condition.type}.${condition.parameter.code} ← ${outline(condition.condition)}`
    default:
      return condition.kind
  }
}

// biome-ignore format: the columns are the point
for (const [url, expected] of [
  ['Observation?subject:Patient.name=x',        'Observation.subject → (Patient.name)'],
  ['Observation?subject.name=x',                'Observation.subject → (Location.name | Patient.name)'],
  ['Observation?patient.organization.partof.name=x', 'Observation.patient → (Patient.organization → (Organization.partof → (Organization.name)))'],
  ['Patient?link.link.link.link.link.name=x',   /^Patient\.link → \(Patient\.link → /],
  ['Observation?patient._id=7',                 'Observation.patient → (id)'],
  ['Patient?_has:Observation:patient:code=x',   'Observation.patient ← Observation.code'],
  ['Patient?_has:Observation:patient:_has:Provenance:target:agent=x', 'Observation.patient ← Provenance.target ← Provenance.agent'],
  ['Encounter?patient._has:Group:member:_id=7', 'Encounter.patient → (Group.member ← id)'],
  ['Patient?_has:Observation:patient:performer.name=x', /^Observation\.patient ← Observation\.performer → \(/],
  // Only an Observation can be "final": the codes of other types do not admit it.
  ['Procedure?part-of.status=final',            'Procedure.part-of → (Observation.status)'],
  ['Patient?_id=1,2',                           'id'],
  ['Patient?_list=List/7',                      'list'],
] as const) {
  test(`parseSearch() follows ${url}`, () => {
    const text = outline(conditionOf(url))
    if (typeof expected === 'string') assert.equal(text, expected)
    else assert.match(text, expected)
  })
}

test('a repeated parameter is AND', () => {
  const [conditions = []] = search('Observation?date=ge2020&date=lt2021&code=x').conditions.values()
  assert.deepEqual(conditions.map(outline), ['Observation.date', 'Observation.date', 'Observation.code'])
})

test('what says how to answer is read apart from what to find', () => {
  const query = search(
    'Patient?_sort=-birthdate,name&_count=50&_total=accurate&_summary=data&_elements=name,Patient.birthDate&_format=json&_pretty=true',
  )
  assert.deepEqual(
    query.sort.map(({ parameter, descending }) => [parameter.code, descending]),
    [
      ['birthdate', true],
      ['name', false],
    ],
  )
  const { count, total, summary, elements, used } = query
  assert.deepEqual(
    { count, total, summary, elements },
    { count: 50, total: 'accurate', summary: 'data', elements: ['name', 'birthDate'] },
  )
  assert.equal(used.length, 7)
})

test('a count above the maximum is capped, and the self link shows it', () => {
  const { count, used } = search('Patient?_count=5000')
  assert.equal(count, 1000)
  assert.deepEqual(used, [['_count', '1000']])
})

test('a count of none asks for the number of matches', () => {
  assert.equal(search('Patient?_count=0').summary, 'count')
})

// biome-ignore format: the columns are the point
for (const [url, expected] of [
  ['Observation?_include=Observation:subject',          ['forward Observation subject']],
  ['Observation?_include=Observation:subject:Patient',  ['forward Observation subject Patient']],
  ['Observation?_include=Observation:*',                ['forward Observation *']],
  ['Observation?_include=*',                            ['forward Observation *']],
  ['Observation?_include:iterate=Patient:organization', ['forward Patient organization again']],
  ['Observation?_include:recurse=Patient:organization', ['forward Patient organization again']],
  ['Patient?_revinclude=Provenance:target',             ['reverse Provenance target']],
  ['CareTeam?_include=CareTeam:participant:PractitionerRole&_include=CareTeam:participant:Patient', ['forward CareTeam participant PractitionerRole', 'forward CareTeam participant Patient']],
] as const) {
  test(`parseSearch() reads ${url}`, () => {
    const texts = search(url).includes.map(({ reverse, type, parameter, onlyTarget, iterate }) =>
      [reverse ? 'reverse' : 'forward', type, parameter?.code ?? '*', onlyTarget, iterate && 'again'].filter(Boolean).join(' '),
    )
    assert.deepEqual(texts, expected)
  })
}

test('_revinclude of everything names each type that can refer to a match', () => {
  const types = search('Specimen?_revinclude=*').includes.map(({ type }) => type)
  assert.ok(types.includes('Observation') && types.includes('Provenance') && !types.includes('Goal'))
})

test('lenient handling leaves out what is not known and says so', () => {
  const query = search('Patient?ward=B&name=x&subject.name=y', { handling: 'lenient' })
  assert.deepEqual(
    query.ignored.map(({ name }) => name),
    ['ward', 'subject.name'],
  )
  assert.deepEqual(query.used, [['name', 'x']])
  assert.match(query.ignored[0]?.sentence ?? '', /there is no such parameter/)
})

test('lenient handling forgives no value that cannot be read', () => {
  assert.throws(() => search('Patient?birthdate=soon', { handling: 'lenient' }), { kind: 'incorrect' })
})

test('a search across types reads each parameter for each type', () => {
  const query = search('?_type=Patient,Practitioner&name=x', { types: resourceTypes })
  assert.deepEqual([...query.conditions.keys()], ['Patient', 'Practitioner'])
  assert.deepEqual([...query.conditions.values()].flat().map(outline), ['Patient.name', 'Practitioner.name'])
})

test('a search across types refuses what one of them does not know', () => {
  assert.throws(() => search('?_type=Patient,Observation&name=x', { types: resourceTypes }), {
    message: /Cannot search Observation by "name"/,
  })
})

test('a compartment is a condition with the parameters that lead to it', () => {
  const query = search('Observation?code=x', { compartment: { type: 'Patient', id: '7' } })
  const [compartment] = query.conditions.get('Observation') ?? []
  assert.ok(compartment?.kind === 'compartment')
  assert.deepEqual(
    [compartment.type, compartment.id, compartment.parameters.map(({ code }) => code)],
    ['Patient', '7', ['subject', 'performer']],
  )
})

test('a compartment across types has those that belong to it', () => {
  const query = search('?', { types: ['Observation', 'Medication', 'Goal'], compartment: { type: 'Patient', id: '7' } })
  assert.deepEqual(query.types, ['Observation', 'Goal'])
  assert.throws(() => search('Medication?', { compartment: { type: 'Patient', id: '7' } }), {
    message: /not part of the Patient compartment/,
  })
})

test('a chain that branches without end is refused', () => {
  assert.throws(() => search('Linkage?item.subject.subject.subject.subject._lastUpdated=2020'), { kind: 'too-costly' })
})

test('parseConstraint() reads the constraint of a scope', () => {
  const [category, status] = parseConstraint(
    'Observation',
    'category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory&status=final',
  )
  assert.deepEqual(category?.kind === 'parameter' && category.values, [
    { kind: 'token', system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' },
  ])
  assert.equal(status && outline(status), 'Observation.status')
})

test('parseConstraint() refuses what is not a parameter of the type', () => {
  assert.throws(() => parseConstraint('Observation', '_sort=date'), { message: /there is no such parameter/ })
})
