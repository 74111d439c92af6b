/** Examples of searching as data: what a practice holds, and which ids a query finds. https://hl7.org/fhir/R4/search.html */

export interface Examples {
  readonly about: string
  readonly zone?: string
  readonly resources: readonly {
    readonly resourceType: string
    readonly id: string
    readonly [element: string]: unknown
  }[]
  /** A query, and the ids that it finds in the order of the alphabet; empty when it finds none. */
  readonly rows: readonly (readonly [query: string, found: string])[]
}

const patient = (id: string, elements: object) => ({ resourceType: 'Patient', id, ...elements })
const observation = (id: string, elements: object) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  ...elements,
})
const at = (id: string, effectiveDateTime: string) => observation(id, { effectiveDateTime })
const measured = (id: string, valueQuantity: object) => observation(id, { valueQuantity })
const mg = { system: 'http://unitsofmeasure.org', code: 'mg', unit: 'milligram' }

export const strings: Examples = {
  about: 'strings',
  resources: [
    patient('muller', { name: [{ family: 'Müller', given: ['Ann', 'Marie'], prefix: ['Dr.'] }] }),
    patient('mull', { name: [{ family: 'Mull', text: 'Otto   Mull' }] }),
    patient('comma', { name: [{ family: 'Smith, Jr' }] }),
    patient('wild', {
      name: [{ family: '50%_off\\x' }],
      address: [{ line: ['1 Main St', 'Flat 2'], city: 'Ulm', postalCode: '89073' }],
    }),
    patient('none', { gender: 'other' }),
    patient('dollar', { name: [{ family: 'a$b|c' }] }),
  ],
  rows: [
    ['Patient?name=mul', 'mull muller'],
    ['Patient?name=MÜL', 'mull muller'],
    ['Patient?name=muller', 'muller'],
    ['Patient?family=mu%CC%88ller', 'muller'],
    ['Patient?name=ller', ''],
    ['Patient?name:contains=LLER', 'muller'],
    ['Patient?name:exact=Müller', 'muller'],
    ['Patient?name:exact=müller', ''],
    ['Patient?name:exact=Mull', 'mull'],
    ['Patient?name=otto mull', 'mull'],
    ['Patient?given=marie', 'muller'],
    ['Patient?name=dr', 'muller'],
    ['Patient?family=dr', ''],
    ['Patient?name=mull,smith', 'comma mull muller'],
    ['Patient?name=smith\\, jr', 'comma'],
    ['Patient?name=smith, jr', 'comma'],
    ['Patient?name=50%25', 'wild'],
    ['Patient?name=5_%25', ''],
    ['Patient?name:contains=%25_', 'wild'],
    ['Patient?name:contains=off\\\\x', 'wild'],
    ['Patient?name=a\\$b\\|c', 'dollar'],
    ['Patient?name=a$b|c', 'dollar'],
    ['Patient?address=flat', 'wild'],
    ['Patient?address=89', 'wild'],
    ['Patient?address-city=ulm', 'wild'],
    ['Patient?name:missing=true', 'none'],
    ['Patient?name:missing=false&gender:missing=true', 'comma dollar mull muller wild'],
    ['Patient?given=ann&given=marie', 'muller'],
    ['Patient?given=ann&given=otto', ''],
  ],
}

const coded = (id: string, coding: readonly object[], text?: string) =>
  observation(id, { code: { coding, ...(text && { text }) } })

export const tokens: Examples = {
  about: 'tokens',
  resources: [
    coded('loinc', [{ system: 'http://loinc.org', code: '8302-2', display: 'Body height' }]),
    coded('bare', [{ code: '8302-2' }], 'Height of the body'),
    coded('local', [{ system: 'http://example.org', code: '8302-2' }]),
    coded('both', [
      { system: 'http://loinc.org', code: '1-1' },
      { system: 'http://example.org', code: 'x,y' },
    ]),
    observation('uncoded', { status: 'amended', code: { text: 'body temperature' } }),
    patient('mr', {
      active: true,
      identifier: [
        { system: 'urn:mr', value: '12', type: { coding: [{ system: 'urn:t', code: 'MR' }], text: 'Record' } },
      ],
    }),
    patient('ss', {
      active: false,
      identifier: [{ value: '12', type: { coding: [{ system: 'urn:t', code: 'SS' }] } }],
    }),
    patient('both', {
      identifier: [
        { value: '13', type: { coding: [{ system: 'urn:t', code: 'MR' }] } },
        { system: 'urn:mr', value: '12' },
      ],
      telecom: [{ system: 'email', value: 'A@b.org' }],
    }),
    patient('dead', { deceasedDateTime: '2020', gender: 'female' }),
  ],
  rows: [
    ['Observation?code=8302-2', 'bare local loinc'],
    ['Observation?code=http://loinc.org|8302-2', 'loinc'],
    ['Observation?code=|8302-2', 'bare'],
    ['Observation?code=http://loinc.org|', 'both loinc'],
    ['Observation?code=8302', ''],
    ['Observation?code=x\\,y', 'both'],
    ['Observation?code=x,y', ''],
    ['Observation?code=http://loinc.org|1-1&code=http://example.org|', 'both'],
    ['Observation?code:not=8302-2', 'both uncoded'],
    ['Observation?code:not=http://loinc.org|8302-2', 'bare both local uncoded'],
    ['Observation?code:not=8302-2,1-1', 'uncoded'],
    ['Observation?code:text=body', 'loinc uncoded'],
    ['Observation?code:text=HEIGHT', 'bare'],
    ['Observation?code:missing=true', ''],
    ['Observation?status=amended', 'uncoded'],
    ['Observation?status=http://hl7.org/fhir/observation-status|amended', 'uncoded'],
    ['Observation?status:not=final', 'uncoded'],
    ['Patient?identifier=12', 'both mr ss'],
    ['Patient?identifier=urn:mr|12', 'both mr'],
    ['Patient?identifier=|12', 'ss'],
    ['Patient?identifier=urn:mr|', 'both mr'],
    ['Patient?identifier:of-type=urn:t|MR|12', 'mr'],
    ['Patient?identifier:of-type=urn:t|MR|13', 'both'],
    ['Patient?identifier:text=rec', 'mr'],
    ['Patient?active=true', 'mr'],
    ['Patient?active=false', 'ss'],
    ['Patient?deceased=true', 'dead'],
    ['Patient?email=A@b.org', 'both'],
    ['Patient?phone=A@b.org', ''],
    ['Patient?telecom=A@b.org', 'both'],
    ['Patient?_id=mr,ss,nothing', 'mr ss'],
    ['Patient?_id=mr&_id=ss', ''],
  ],
}

const clinicalStatus = (id: string, code: string) => ({
  resourceType: 'Condition',
  id,
  clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code }] },
})

export const terminology: Examples = {
  about: 'terminology',
  resources: [
    clinicalStatus('active', 'active'),
    clinicalStatus('relapse', 'relapse'),
    clinicalStatus('resolved', 'resolved'),
    { resourceType: 'Condition', id: 'none' },
    patient('m', { gender: 'male' }),
    patient('unsaid', {}),
  ],
  rows: [
    ['Condition?clinical-status:in=http://hl7.org/fhir/ValueSet/condition-clinical', 'active relapse resolved'],
    ['Condition?clinical-status:not-in=http://hl7.org/fhir/ValueSet/condition-clinical', 'none'],
    [
      'Condition?clinical-status:below=http://terminology.hl7.org/CodeSystem/condition-clinical|active',
      'active relapse',
    ],
    [
      'Condition?clinical-status:above=http://terminology.hl7.org/CodeSystem/condition-clinical|relapse',
      'active relapse',
    ],
    ['Patient?gender:in=http://hl7.org/fhir/ValueSet/administrative-gender', 'm'],
    ['Patient?gender:not-in=http://hl7.org/fhir/ValueSet/administrative-gender', 'unsaid'],
  ],
}

export const dates: Examples = {
  about: 'dates in UTC',
  resources: [
    at('y', '2020'),
    at('m', '2020-05'),
    at('d', '2020-05-10'),
    at('s', '2020-05-10T12:00:00Z'),
    at('ms', '2020-05-10T12:00:00.500Z'),
    at('z', '2020-05-10T23:30:00-05:00'),
    at('old', '1969-12-31T23:59:59Z'),
    observation('open', { effectivePeriod: { start: '2020-05-01' } }),
    observation('until', { effectivePeriod: { end: '2020-04-30' } }),
    observation('span', { effectivePeriod: { start: '2020-05-01', end: '2020-05-20' } }),
    observation('none', {}),
  ],
  rows: [
    ['Observation?date=2020', 'd m ms s span y z'],
    ['Observation?date=2020-05', 'd m ms s span z'],
    ['Observation?date=2020-05-10', 'd ms s'],
    ['Observation?date=2020-05-11', 'z'],
    ['Observation?date=2020-05-10T12:00Z', 'ms s'],
    ['Observation?date=2020-05-10T12:00:00Z', 'ms s'],
    ['Observation?date=2020-05-10T12:00:00.500Z', 'ms'],
    ['Observation?date=2020-05-10T23:30:00-05:00', 'z'],
    ['Observation?date=2020-05-11T04:30:00Z', 'z'],
    ['Observation?date=2020-05-10T14:00:00+02:00', 'ms s'],
    ['Observation?date=2020-05-10T14:00:00%2B02:00', 'ms s'],
    ['Observation?date=1969-12-31', 'old'],
    ['Observation?date=lt1970', 'old until'],
    ['Observation?date=gt2020-05-10', 'm open span y z'],
    ['Observation?date=ge2020-05-10', 'd m ms open s span y z'],
    ['Observation?date=lt2020-05-10', 'm old open span until y'],
    ['Observation?date=le2020-05-10', 'd m ms old open s span until y'],
    ['Observation?date=sa2020-05-10', 'z'],
    ['Observation?date=eb2020-05-10', 'old until'],
    ['Observation?date=ne2020', 'old open until'],
    ['Observation?date=ge2020-05-02&date=le2020-05-19', 'd m ms open s span y z'],
    ['Observation?date=2020-05-11,1969', 'old z'],
    ['Observation?date:missing=true', 'none'],
    ['Observation?date:missing=false&date=lt1950', 'until'],
    ['Observation?date=ap2020-05-10T12:00:00Z&date=sa2030', ''],
  ],
}

export const newYork: Examples = {
  about: 'new-york dates, over the changes of its clocks',
  zone: 'America/New_York',
  resources: [
    at('spring-day', '2024-03-10'),
    at('spring-last', '2024-03-11T03:59:59Z'),
    at('spring-next', '2024-03-11T04:00:00Z'),
    at('spring-first', '2024-03-10T05:00:00Z'),
    at('spring-before', '2024-03-10T04:59:59Z'),
    at('autumn-day', '2024-11-03'),
    at('autumn-summer', '2024-11-03T05:30:00Z'),
    at('autumn-winter', '2024-11-03T06:30:00Z'),
    at('autumn-last', '2024-11-04T04:59:59Z'),
    at('autumn-next', '2024-11-04T05:00:00Z'),
    at('july', '2024-07'),
    at('july-last', '2024-08-01T03:59:59Z'),
  ],
  rows: [
    ['Observation?date=2024-03-10', 'spring-day spring-first spring-last'],
    ['Observation?date=2024-03-09', 'spring-before'],
    ['Observation?date=2024-03-11', 'spring-next'],
    ['Observation?date=2024-11-03', 'autumn-day autumn-last autumn-summer autumn-winter'],
    ['Observation?date=2024-11-04', 'autumn-next'],
    ['Observation?date=2024-11-03T01:30:00-05:00', 'autumn-winter'],
    ['Observation?date=2024-11-03T01:30:00-04:00', 'autumn-summer'],
    ['Observation?date=2024-07', 'july july-last'],
    ['Observation?date=2024-08', ''],
    ['Observation?date=sa2024-11-03', 'autumn-next'],
  ],
}

export const quantities: Examples = {
  about: 'quantities and numbers',
  resources: [
    measured('q5.4', { value: 5.4, ...mg }),
    measured('q5.35', { value: 5.35, ...mg }),
    measured('q5.45', { value: 5.45, ...mg }),
    measured('q5.4g', { value: 5.4, system: 'http://unitsofmeasure.org', code: 'g' }),
    measured('q5.4text', { value: 5.4, unit: 'mg' }),
    measured('below', { value: 5, comparator: '<', ...mg }),
    measured('minus', { value: -7.5 }),
    measured('tiny', { value: 1e-7 }),
    { resourceType: 'RiskAssessment', id: 'half', prediction: [{ probabilityDecimal: 0.5 }] },
    { resourceType: 'RiskAssessment', id: 'hundredth', prediction: [{ probabilityDecimal: 0.01 }] },
  ],
  rows: [
    ['Observation?value-quantity=5.4', 'q5.35 q5.4 q5.4g q5.4text'],
    ['Observation?value-quantity=5.40', 'q5.4 q5.4g q5.4text'],
    ['Observation?value-quantity=5.4|http://unitsofmeasure.org|mg', 'q5.35 q5.4'],
    ['Observation?value-quantity=5.4||mg', 'q5.35 q5.4 q5.4text'],
    ['Observation?value-quantity=5.4||milligram', 'q5.35 q5.4'],
    ['Observation?value-quantity=5.4|http://example.org|mg', ''],
    ['Observation?value-quantity=gt5.4||mg', 'q5.45'],
    ['Observation?value-quantity=ge5.45||mg', 'q5.45'],
    ['Observation?value-quantity=lt0', 'below minus'],
    ['Observation?value-quantity=eb5.4||mg', 'below q5.35'],
    ['Observation?value-quantity=-7.5', 'minus'],
    ['Observation?value-quantity=1e-7', 'tiny'],
    ['Observation?value-quantity=ap6||mg', 'q5.4 q5.45 q5.4text'],
    ['Observation?value-quantity=ne5.4&value-quantity=ge5', 'q5.45'],
    ['RiskAssessment?probability=0.5', 'half'],
    ['RiskAssessment?probability=gt0.2', 'half'],
    ['RiskAssessment?probability=1e-2', 'hundredth'],
  ],
}

const of = (id: string, subject: object, elements: object = {}) => observation(id, { subject, ...elements })

export const references: Examples = {
  about: 'references, chains and what refers here',
  resources: [
    patient('p1', { name: [{ family: 'Alpha' }], generalPractitioner: [{ reference: 'Practitioner/d1' }] }),
    patient('p2', { name: [{ family: 'Beta' }], link: [{ other: { reference: 'Patient/p1' }, type: 'seealso' }] }),
    { resourceType: 'Practitioner', id: 'd1', name: [{ family: 'Doc' }] },
    { resourceType: 'Group', id: 'p1', type: 'person', actual: true },
    of('relative', { reference: 'Patient/p1' }, { code: { coding: [{ code: 'c' }] } }),
    of('absolute', { reference: 'http://localhost:8080/references/fhir/r4/Patient/p1' }),
    of('versioned', { reference: 'Patient/p1/_history/3' }),
    of('elsewhere', { reference: 'https://elsewhere.example/fhir/Patient/p1' }),
    of('group', { reference: 'Group/p1' }),
    of('identified', { identifier: { system: 'urn:mr', value: '7' } }),
    of('second', { reference: 'Patient/p2' }),
    of('nobody', { reference: 'Patient/unknown' }),
    {
      resourceType: 'List',
      id: 'l1',
      status: 'current',
      mode: 'working',
      entry: [{ item: { reference: 'Patient/p2' } }],
    },
  ],
  rows: [
    ['Observation?subject=Patient/p1', 'absolute relative versioned'],
    ['Observation?patient=p1', 'absolute relative versioned'],
    ['Observation?patient=Patient/p1', 'absolute relative versioned'],
    ['Observation?subject=p1', 'absolute group relative versioned'],
    ['Observation?subject:Group=p1', 'group'],
    ['Observation?subject:Patient=p1', 'absolute relative versioned'],
    ['Observation?subject=http://localhost:8080/references/fhir/r4/Patient/p1', 'absolute relative versioned'],
    ['Observation?subject=https://elsewhere.example/fhir/Patient/p1', 'elsewhere'],
    ['Observation?subject:identifier=urn:mr|7', 'identified'],
    ['Observation?subject:identifier=7', 'identified'],
    ['Observation?subject:identifier=|7', ''],
    ['Observation?patient:missing=true', 'group identified'],
    ['Observation?subject:missing=true', ''],
    ['Observation?patient.name=alp', 'absolute relative versioned'],
    ['Observation?subject:Patient.name=bet', 'second'],
    ['Observation?subject.name=bet', 'second'],
    ['Observation?patient.general-practitioner.name=doc', 'absolute relative versioned'],
    ['Observation?patient.link:Patient.general-practitioner:Practitioner.family=doc', 'second'],
    ['Observation?patient.name=zeta', ''],
    ['Observation?patient.link:Patient.link:Patient.link:Patient.link:Patient.name=a', ''],
    ['Observation?subject:Patient.link:Patient._has:Observation:patient:code=c', 'second'],
    ['Observation?patient._id=p2', 'second'],
    ['Patient?_has:Observation:patient:code=c', 'p1'],
    ['Patient?_has:Observation:subject:_id=second,group', 'p2'],
    ['Patient?_has:Patient:link:name=beta', 'p1'],
    ['Practitioner?_has:Patient:general-practitioner:_has:Observation:patient:code=c', 'd1'],
    ['Practitioner?_has:Patient:general-practitioner:_has:Observation:patient:code=d', ''],
    ['Patient?_list=l1', 'p2'],
    ['Patient/p1/Observation?code=c', 'relative'],
    ['Patient/p2/Observation', 'second'],
    ['Patient/p3/Observation', ''],
  ],
}

const component = (code: string, value: number) => ({
  code: { coding: [{ system: 'urn:c', code }] },
  valueQuantity: { value, ...mg },
})

const worded = (code: string, value: string) => ({
  code: { coding: [{ system: 'urn:c', code }] },
  valueCodeableConcept: { coding: [{ system: 'urn:v', code: value }] },
})

const place = (id: string, latitude: number, longitude: number) => ({
  resourceType: 'Location',
  id,
  position: { latitude, longitude },
})

export const others: Examples = {
  about: 'composites, uris, meta and distance',
  resources: [
    place('detroit', 42.3314, -83.0458),
    place('windsor', 42.3149, -83.0364),
    place('chicago', 41.8781, -87.6298),
    place('fiji', -17.7, 179.9),
    { resourceType: 'Location', id: 'nowhere' },
    observation('pair', { component: [component('sys', 120), component('dia', 80)] }),
    observation('swapped', { component: [component('sys', 80), component('dia', 120)] }),
    observation('own', { code: { coding: [{ system: 'urn:c', code: 'sys' }] }, valueQuantity: { value: 120, ...mg } }),
    observation('mixed', {
      ...component('sys', 5),
      subject: { reference: 'Patient/m' },
      component: [component('dia', 120)],
    }),
    observation('worded', { ...worded('sys', 'high'), component: [worded('dia', 'low')] }),
    { resourceType: 'ValueSet', id: 'a', url: 'http://example.org/vs', status: 'draft' },
    { resourceType: 'ValueSet', id: 'ab', url: 'http://example.org/vs/b', status: 'draft' },
    { resourceType: 'ValueSet', id: 'oid', url: 'urn:oid:1.2.3', status: 'draft' },
    {
      resourceType: 'Basic',
      id: 'tagged',
      meta: {
        tag: [{ system: 'urn:t', code: 'x' }],
        profile: ['http://example.org/p|1.0'],
        security: [{ code: 'V' }],
        source: 'http://example.org/s',
      },
    },
    { resourceType: 'Basic', id: 'plain' },
  ],
  rows: [
    ['Location?near=42.3314|-83.0458|5|km', 'detroit windsor'],
    ['Location?near=42.3314|-83.0458|1|km', 'detroit'],
    ['Location?near=42.3314|-83.0458', 'detroit windsor'],
    ['Location?near=42.3314|-83.0458|240|[mi_i]', 'chicago detroit windsor'],
    ['Location?near=42.3314|-83.0458|230|[mi_i]', 'detroit windsor'],
    ['Location?near=-17.7|-179.9|50|km', 'fiji'],
    ['Location?near=0|0', ''],
    ['Observation?component-code-value-quantity=sys$120', 'pair'],
    ['Observation?component-code-value-quantity=urn:c|sys$gt100', 'pair'],
    ['Observation?component-code-value-quantity=sys$lt100', 'swapped'],
    ['Observation?combo-code-value-quantity=sys$120', 'own pair'],
    ['Observation?code-value-quantity=sys$120', 'own'],
    ['Observation?combo-code-value-quantity=sys$120,dia$120', 'mixed own pair swapped'],
    ['Observation?combo-code-value-quantity=urn:c|sys$lt100', 'mixed swapped'],
    ['Observation?combo-code-value-quantity=urn:other|sys$120', ''],
    ['Observation?patient=m&combo-code-value-quantity=sys$120', ''],
    ['Observation?patient=m&combo-code-value-quantity=sys$5', 'mixed'],
    ['Observation?patient=m&combo-code-value-quantity=dia$120', 'mixed'],
    ['Observation?combo-code-value-concept=sys$high', 'worded'],
    ['Observation?combo-code-value-concept=sys$low', ''],
    ['Observation?combo-code-value-concept=urn:c|dia$urn:v|low', 'worded'],
    ['ValueSet?url=http://example.org/vs', 'a'],
    ['ValueSet?url=http://example.org/VS', ''],
    ['ValueSet?url:below=http://example.org/vs', 'a ab'],
    ['ValueSet?url:above=http://example.org/vs/b/c', 'a ab'],
    ['ValueSet?url=urn:oid:1.2.3', 'oid'],
    ['Basic?_tag=x', 'tagged'],
    ['Basic?_tag=urn:t|x', 'tagged'],
    ['Basic?_tag:not=x', 'plain'],
    ['Basic?_profile=http://example.org/p', 'tagged'],
    ['Basic?_profile=http://example.org/p|1.0', 'tagged'],
    ['Basic?_profile:missing=true', 'plain'],
    ['Basic?_security=V', 'tagged'],
    ['Basic?_source=http://example.org/s', 'tagged'],
    ['Basic?_lastUpdated=gt2020', 'plain tagged'],
    ['Basic?_lastUpdated=lt2020', ''],
    ['?_type=Basic,ValueSet&_lastUpdated=gt2020', 'a ab oid plain tagged'],
    ['?_type=Basic&_tag=x', 'tagged'],
  ],
}

export const refused: readonly (readonly [query: string, says: RegExp])[] = [
  ['Patient?nme=x', /"nme".*did you mean "name"/],
  ['Patient?birthdate=20-01-01', /"20-01-01" is not a date/],
  ['Patient?birthdate=2021-02-29', /"2021-02-29" is not a date/],
  ['Patient?gender=man', /"man" is not one of its codes/],
  ['Patient?name:text=x', /":text"/],
  ['Patient?birthdate:exact=2020', /":exact"/],
  ['Patient?active:missing=maybe', /neither true nor false/],
  ['Patient?name=a,,b', /empty alternative/],
  ['Observation?value-quantity=abc', /"abc" is not a number/],
  ['Observation?subject=Nothing/1', /"Nothing" is not a resource type/],
  ['Observation?code=|', /is not a token/],
  ['Observation?code-value-quantity=a', /2 values with \$/],
  ['Observation?_sort=nothing', /"nothing"/],
  ['Observation?_sort=code-value-quantity', /has no order/],
  ['Observation?_include=Observation:code', /not a reference/],
  ['Observation?_include=Nothing:code', /not a resource type/],
  ['Observation?_count=-1', /not a whole number/],
  ['Observation?_count=1&_count=2', /twice/],
  ['Observation?_total=some', /not one of/],
  ['Observation?_summary=short', /not one of/],
  ['Observation?_elements=nothing', /not an element/],
  ['?_type=Nothing', /Nothing/],
  ['Observation?patient.link:Patient.link:Patient.link:Patient.link:Patient.link:Patient.name=a', /at most 5 steps/],
  ['Condition?code:in=http://example.org/unknown', /"http:\/\/example.org\/unknown" is not loaded/],
  ['Patient?general-practitioner.general-practitioner=x', /general-practitioner/],
]
