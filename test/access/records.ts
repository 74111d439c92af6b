/**
 * The records of one practice, under ids that every practice of the test has. Each resource carries its practice's name in
 * `meta.source`, so that a resource of another practice is told wherever it appears.
 */

export type Resource = { readonly resourceType: string; readonly id: string; readonly [element: string]: unknown }

export const restricted = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality|R'
export const veryRestricted = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality|V'

/** Years of age. p1 is old enough for secrets from guardians, p2 is not, p4 was merged into p1. */
export const patients = { p1: 14, p2: 8, p3: 50, p4: 14 } as const
export type PatientId = keyof typeof patients

export const patientIds = Object.keys(patients) as PatientId[]

export function baseOf(practice: string): string {
  return `http://localhost:8080/${practice}/fhir/r4`
}

/** Everything that is stored at a practice. */
export function recordsOf(practice: string): Resource[] {
  const all = [
    ...sharedRecords,
    ...patientIds.flatMap((id) => recordsOfPatient(practice, id)),
    ...recordsOfNobody(practice),
  ]
  return all.map((resource) => ({ ...resource, meta: { ...(resource.meta as object), source: markOf(practice) } }))
}

export function markOf(practice: string): string {
  return `urn:stored-at:${practice}`
}

const sharedRecords: readonly Resource[] = [
  { resourceType: 'Practitioner', id: 'dr1', name: [{ family: 'Ames' }] },
  { resourceType: 'Practitioner', id: 'dr2', name: [{ family: 'Boyd' }] },
  {
    resourceType: 'PractitionerRole',
    id: 'role1',
    practitioner: ref('Practitioner/dr1'),
    organization: ref('Organization/org1'),
  },
  { resourceType: 'Organization', id: 'org1', name: 'Clinic', active: true },
  { resourceType: 'Location', id: 'loc1', name: 'Room', managingOrganization: ref('Organization/org1') },
  { resourceType: 'Medication', id: 'm1', code: { text: 'Aspirin' }, manufacturer: ref('Organization/org1') },
  { resourceType: 'Device', id: 'dev-free', status: 'active' },
  { resourceType: 'ValueSet', id: 'vs1', status: 'active', url: 'http://example.org/vs' },
  { resourceType: 'Questionnaire', id: 'q1', status: 'active', url: 'http://example.org/q' },
]

function ref(reference: string) {
  return { reference }
}

function coded(system: string, code: string) {
  return { coding: [{ system, code }] }
}

const loinc = (code: string) => coded('http://loinc.org', code)
const category = (code: string) => [coded('http://terminology.hl7.org/CodeSystem/observation-category', code)]

/** The next patient: whom a record of `id` mentions without being theirs. */
export function otherThan(id: PatientId): PatientId {
  return patientIds[(patientIds.indexOf(id) + 1) % patientIds.length] as PatientId
}

function recordsOfPatient(practice: string, p: PatientId): Resource[] {
  const [who, other] = [`Patient/${p}`, otherThan(p)]
  const label = (text: string) => {
    const [system, code] = text.split('|')
    return { security: [{ system, code }] }
  }
  const observation = (id: string, more: object): Resource => ({
    ...{ resourceType: 'Observation', id: `${id}-${p}`, status: 'final', code: loinc('8302-2'), subject: ref(who) },
    ...more,
  })
  const merged = p === 'p4' ? { link: [{ other: ref('Patient/p1'), type: 'replaced-by' }] } : {}
  const doctor = p === 'p2' ? 'Practitioner/dr2' : 'Practitioner/dr1'
  const birthDate = `${new Date().getUTCFullYear() - patients[p]}-01-01`
  return [
    {
      resourceType: 'Patient',
      id: p,
      birthDate,
      name: [{ family: `Family${p}`, given: ['Ann'] }],
      generalPractitioner: [ref('Practitioner/dr1')],
      ...merged,
    },
    observation('obs', {
      category: category('laboratory'),
      effectiveDateTime: '2024-03-01',
      performer: [ref('Practitioner/dr1')],
      encounter: ref(`Encounter/enc-${p}`),
      valueQuantity: { value: 5, unit: 'mg' },
    }),
    // the spellings of S-8
    observation('absolute', {
      category: category('vital-signs'),
      subject: ref(`${baseOf(practice)}/${who}`),
      effectiveDateTime: '2024-04-01',
    }),
    observation('versioned', { category: category('survey'), subject: ref(`${who}/_history/1`) }),
    // S-1: names another patient without being theirs
    observation('focus', {
      category: category('laboratory'),
      focus: [ref(`Patient/${other}`)],
      hasMember: [ref(`Observation/obs-${other}`)],
    }),
    observation('secret', { category: category('laboratory'), meta: label(restricted) }),
    observation('sealed', { category: category('vital-signs'), meta: label(veryRestricted) }),
    {
      resourceType: 'Condition',
      id: `cond-${p}`,
      subject: ref(who),
      encounter: ref(`Encounter/enc-${p}`),
      code: { text: 'Cough' },
      recordedDate: '2024-01-01',
      evidence: [{ detail: [ref(`Observation/obs-${p}`)] }],
    },
    {
      resourceType: 'AllergyIntolerance',
      id: `alg-${p}`,
      patient: ref(who),
      code: { text: 'Nuts' },
      recorder: ref('Practitioner/dr1'),
    },
    {
      resourceType: 'MedicationRequest',
      id: `mr-${p}`,
      status: 'active',
      intent: 'order',
      subject: ref(who),
      medicationReference: ref('Medication/m1'),
      requester: ref(doctor),
      encounter: ref(`Encounter/enc-${p}`),
      authoredOn: '2024-02-01',
    },
    {
      resourceType: 'Encounter',
      id: `enc-${p}`,
      status: 'finished',
      class: { code: 'AMB' },
      subject: ref(who),
      participant: [{ individual: ref(doctor) }],
      location: [{ location: ref('Location/loc1') }],
      period: { start: '2024-02-01' },
    },
    {
      resourceType: 'CareTeam',
      id: `ct-${p}`,
      subject: ref(who),
      participant: [
        { member: ref(p === 'p3' ? 'Practitioner/dr2' : 'Organization/org1') },
        { member: ref(`RelatedPerson/rp-${p}`) },
      ],
    },
    {
      resourceType: 'DocumentReference',
      id: `doc-${p}`,
      status: 'current',
      subject: ref(who),
      author: [ref('Practitioner/dr1')],
      content: [{ attachment: { contentType: 'text/plain', url: `Binary/bin-${p}` } }],
    },
    {
      resourceType: 'DiagnosticReport',
      id: `rep-${p}`,
      status: 'final',
      code: loinc('24331-1'),
      subject: ref(who),
      result: [ref(`Observation/obs-${p}`), ref(`Observation/obs-${other}`)],
      presentedForm: [{ url: `${baseOf(practice)}/Binary/form-${p}` }],
    },
    { resourceType: 'Binary', id: `bin-${p}`, contentType: 'text/plain', data: 'aGk=' },
    { resourceType: 'Binary', id: `form-${p}`, contentType: 'text/plain', data: 'aGk=' },
    { resourceType: 'Binary', id: `sealed-${p}`, contentType: 'text/plain', data: 'aGk=', securityContext: ref(who) },
    {
      resourceType: 'Provenance',
      id: `prov-${p}`,
      target: [ref(`Observation/obs-${p}`)],
      recorded: '2024-03-01T00:00:00Z',
      agent: [{ who: ref('Practitioner/dr1') }],
    },
    {
      resourceType: 'Provenance',
      id: `both-${p}`,
      target: [ref(`Condition/cond-${p}`), ref(`Observation/obs-${other}`)],
      recorded: '2024-03-02T00:00:00Z',
      agent: [{ who: ref('Organization/org1') }],
    },
    {
      resourceType: 'Provenance',
      id: `ofsecret-${p}`,
      meta: label(restricted),
      target: [ref(`Observation/secret-${p}`)],
      recorded: '2024-03-03T00:00:00Z',
      agent: [{ who: ref('Practitioner/dr1') }],
    },
    {
      resourceType: 'Coverage',
      id: `cov-${p}`,
      status: 'active',
      beneficiary: ref(who),
      subscriber: ref(`Patient/${other}`),
      payor: [ref(`Patient/${other}`)],
    },
    { resourceType: 'RelatedPerson', id: `rp-${p}`, patient: ref(who), name: [{ family: 'Parent' }] },
    { resourceType: 'Device', id: `dev-${p}`, patient: ref(who), status: 'active' },
    {
      resourceType: 'Task',
      id: `task-${p}`,
      status: 'ready',
      intent: 'order',
      for: ref(who),
      owner: ref(`Patient/${other}`),
      focus: ref(`MedicationRequest/mr-${other}`),
    },
    {
      resourceType: 'Appointment',
      id: `app-${p}`,
      status: 'booked',
      participant: [
        { actor: ref(who), status: 'accepted' },
        { actor: ref('Practitioner/dr1'), status: 'accepted' },
      ],
    },
    {
      resourceType: 'Immunization',
      id: `imm-${p}`,
      status: 'completed',
      vaccineCode: { text: 'x' },
      patient: ref(who),
      occurrenceDateTime: '2020-01-01',
    },
    {
      resourceType: 'List',
      id: `list-${p}`,
      status: 'current',
      mode: 'working',
      subject: ref(who),
      entry: [{ item: ref(`Condition/cond-${p}`) }, { item: ref(`Condition/cond-${other}`) }],
    },
    {
      resourceType: 'Communication',
      id: `com-${p}`,
      status: 'completed',
      subject: ref(who),
      recipient: [ref(`Patient/${other}`)],
      about: [ref(`Observation/obs-${other}`)],
    },
  ]
}

function recordsOfNobody(practice: string): Resource[] {
  const elsewhere = practice === 'north' ? 'south' : 'north'
  const observation = (id: string, subject?: string): Resource => ({
    ...{ resourceType: 'Observation', id, status: 'final', code: loinc('8302-2'), category: category('laboratory') },
    ...(subject && { subject: ref(subject) }),
  })
  return [
    observation('nobodys'),
    observation('of-group', 'Group/g1'),
    // of patients with the same id at other places
    observation('abroad', `${baseOf(elsewhere)}/Patient/p1`),
    observation('far-abroad', 'https://other.example/fhir/Patient/p1'),
    observation('named-alike', 'RelatedPerson/p1'),
    {
      resourceType: 'Group',
      id: 'g1',
      type: 'person',
      actual: true,
      member: patientIds.map((id) => ({ entity: ref(`Patient/${id}`) })),
    },
    {
      resourceType: 'List',
      id: 'list-free',
      status: 'current',
      mode: 'working',
      entry: [{ item: ref('Patient/p1') }, { item: ref('Observation/obs-p3') }],
    },
    { resourceType: 'Basic', id: 'basic1', code: { text: 'x' } },
    {
      resourceType: 'MessageHeader',
      id: 'mh1',
      eventUri: 'urn:x',
      source: { endpoint: 'urn:y' },
      focus: [ref('Observation/obs-p1')],
    },
    { resourceType: 'Binary', id: 'lone', contentType: 'text/plain', data: 'aGk=' },
    {
      resourceType: 'Provenance',
      id: 'prov-free',
      target: [ref('Group/g1')],
      recorded: '2024-03-04T00:00:00Z',
      agent: [{ who: ref('Practitioner/dr1') }],
    },
    {
      resourceType: 'AuditEvent',
      id: 'ae1',
      type: { code: 'rest' },
      recorded: '2024-03-04T00:00:00Z',
      agent: [{ requestor: true, who: ref('Practitioner/dr1') }],
      source: { observer: ref('Organization/org1') },
      entity: [{ what: ref('Patient/p1') }],
    },
  ]
}
