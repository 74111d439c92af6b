import { date, yearMs } from '../calendar.ts'
import { type Concept, concept, type Reference, snomed } from '../coding.ts'
import type { Person, Problem, Visit } from '../life/index.ts'

/** Who looks after somebody: the clinician, the office, the family and the patient. */
export function writeCareTeam(person: Person, visit: Visit, related: readonly Reference[]) {
  const { chart, subject, number } = person
  const role = visit.clinician.reference.replace('Practitioner/practitioner', 'PractitionerRole/role')
  const family = related[0]
  chart.add('CareTeam', ['us-core-careteam'], {
    status: number % 6 === 5 ? 'inactive' : 'active',
    name: 'Primary care team',
    subject,
    period: { start: date(visit.start) },
    participant: [
      { role: [snomed('59058001', 'General physician (occupation)')], member: visit.clinician },
      { role: [snomed('223366009', 'Healthcare professional (occupation)')], member: { reference: role } },
      { role: [snomed('116154003', 'Patient (person)')], member: subject },
      ...(family ? [{ role: [snomed('133932002', 'Caregiver (person)')], member: family }] : []),
    ],
    managingOrganization: [visit.site.organization],
  })
}

const generalAim = snomed('43664005', 'Normal weight (finding)', 'Stay active and keep a healthy weight')

/** A plan for each chronic problem when it is found, and a plain one for everybody else. */
export function writeCarePlan(person: Person, visit: Visit, found: readonly Problem[]) {
  const chronic = found.filter((problem) => person.problems.includes(problem))
  if (chronic.length === 0 && visit.index !== 0) return
  const problem = chronic[0]
  const aim = problem ? { text: `Keep ${problem.fact.code.text?.toLowerCase()} under control` } : generalAim
  const goal = writeGoal(person, visit, aim, problem)
  person.chart.add('CarePlan', ['us-core-careplan'], {
    text: {
      status: 'generated',
      div: `<div xmlns="http://www.w3.org/1999/xhtml">${aim.text}; next review ${date(visit.start + yearMs)}.</div>`,
    },
    status: 'active',
    intent: 'plan',
    category: [
      concept(
        'http://hl7.org/fhir/us/core/CodeSystem/careplan-category',
        'assess-plan',
        'Assessment and Plan of Treatment',
      ),
    ],
    title: 'Assessment and plan',
    subject: person.subject,
    encounter: visit.encounter,
    period: { start: date(visit.start) },
    created: date(visit.start),
    author: visit.clinician,
    contributor: [visit.clinician],
    ...(problem ? { addresses: [problem.condition] } : {}),
    goal: [goal],
  })
}

function writeGoal(
  { chart, subject, number }: Person,
  visit: Visit,
  aim: Partial<Concept>,
  problem: Problem | undefined,
): Reference {
  return chart.add('Goal', ['us-core-goal'], {
    lifecycleStatus: number % 5 === 4 ? 'completed' : 'active',
    achievementStatus: concept('http://terminology.hl7.org/CodeSystem/goal-achievement', 'in-progress', 'In Progress'),
    description: aim,
    subject,
    startDate: date(visit.start),
    target: [{ ...measureOf(problem), dueDate: date(visit.start + yearMs) }],
    expressedBy: visit.clinician,
    ...(problem ? { addresses: [problem.condition] } : {}),
  })
}

function measureOf(problem: Problem | undefined) {
  const isDiabetes = problem?.fact.code.coding[0]?.code === '44054006'
  if (!isDiabetes) return {}
  return {
    measure: concept('http://loinc.org', '4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood'),
    detailQuantity: { value: 7, comparator: '<', unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
  }
}
