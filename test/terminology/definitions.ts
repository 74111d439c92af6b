/** What a practice stores beside the loaded terminology. */

const system = 'http://here/code'
const set = (id: string, more: object) => ({
  ...{ resourceType: 'ValueSet', id, url: `http://here/${id}`, name: id, status: 'active' },
  ...more,
})

export const codeSystems = [
  {
    ...{ resourceType: 'CodeSystem', id: 'code', url: system, name: 'Colours', version: '2', status: 'active' },
    content: 'complete',
    concept: [
      {
        ...{ code: 'red', display: 'Red', definition: 'Like blood' },
        designation: [{ language: 'es', value: 'Rojo' }],
        property: [{ code: 'wavelength', valueInteger: 700 }],
        concept: [{ code: 'dark-red', display: 'Dark red' }],
      },
      { code: 'blue', display: 'Blue' },
    ],
  },
  {
    ...{ resourceType: 'CodeSystem', id: 'part', url: 'http://here/part', name: 'Part', status: 'active' },
    content: 'fragment',
    concept: [{ code: 'a' }],
  },
  {
    ...{ resourceType: 'CodeSystem', id: 'many', url: 'http://here/many', name: 'Many', status: 'active' },
    content: 'complete',
    concept: Array.from({ length: 10_001 }, (_, at) => ({ code: `c${at}` })),
  },
]

export const valueSets = [
  set('colours', {
    compose: { include: [{ system, filter: [{ property: 'concept', op: 'is-a', value: 'red' }] }] },
  }),
  set('all', {
    compose: {
      include: [
        { valueSet: ['http://here/colours'] },
        { valueSet: ['http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1'] },
      ],
    },
  }),
  set('expanded', { expansion: { timestamp: '2026-01-01T00:00:00Z', contains: [{ system: 'urn:s', code: 'a' }] } }),
  set('yes', {
    url: 'http://hl7.org/fhir/ValueSet/yesnodontknow',
    compose: { include: [{ system, concept: [{ code: 'blue' }] }] },
  }),
  set('strange', { compose: { include: [{ system: 'urn:gone' }, { system, concept: [{ code: 'red' }] }] } }),
  // imported without a check
  set('broken', { compose: { include: 'x' } }),
  set('circle', { compose: { include: [{ valueSet: ['http://here/circle'] }] } }),
  set('large', { compose: { include: [{ system: 'http://here/many' }] } }),
]
