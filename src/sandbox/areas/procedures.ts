import { dateTime } from '../calendar.ts'
import { type Concept, concept, type Reference, snomed, systems } from '../coding.ts'
import { type ProcedureFact, procedures, referrals } from '../facts/procedures.ts'
import { happens, type Person, type Problem, type Visit } from '../life/index.ts'
import { screeningCategory } from './conditions.ts'

/** What was done at a visit, and the order it was done on. */
export function writeProcedures(person: Person, visit: Visit, found: readonly Problem[]) {
  for (const fact of procedures) {
    if (!fact.kinds.includes(visit.kind) || visit.age < fact.fromAge || visit.age > fact.toAge) continue
    if (fact.treats && fact.treats !== visit.about?.code.coding[0]?.code) continue
    if ((fact.sex ?? person.sex) === person.sex && happens(person, fact.percent / 100))
      writeProcedure(person, visit, fact, found)
  }
  if (visit.kind === 'wellness' && visit.age >= 18 && happens(person, 0.12)) writeReferrals(person, visit)
}

function writeProcedure(person: Person, visit: Visit, fact: ProcedureFact, found: readonly Problem[]) {
  const { chart, subject, random } = person
  const order = writeOrder(person, visit, fact.code, [snomed('386053000', 'Evaluation procedure (procedure)')])
  const start = visit.start + 900_000
  const problem = found[0] ?? person.problems[0]
  const reason =
    problem && random.chance(0.5) ? { reasonReference: [problem.condition] } : { reasonCode: [fact.reason] }
  chart.add('Procedure', ['us-core-procedure'], {
    basedOn: [order],
    status: 'completed',
    category: snomed('103693007', 'Diagnostic procedure (procedure)'),
    code: fact.code,
    subject,
    encounter: visit.encounter,
    ...(fact.isLong && !person.cast
      ? { performedPeriod: { start: dateTime(start), end: dateTime(start + 3_000_000) } }
      : { performedDateTime: dateTime(start) }),
    performer: [{ actor: visit.clinician, onBehalfOf: visit.site.organization }],
    location: visit.site.location,
    ...reason,
  })
}

/** To social services, therapists and teachers. */
function writeReferrals(person: Person, visit: Visit) {
  for (const { code, category, snomedCategory } of referrals) {
    const extra = screeningCategory(person.version, category)
    writeOrder(person, visit, code, [snomedCategory, ...extra])
  }
}

function writeOrder(person: Person, visit: Visit, code: Concept, category: readonly Concept[]): Reference {
  const { chart, subject, problems, random } = person
  const problem = problems[0]
  const reason =
    problem && random.chance(0.5)
      ? { reasonReference: [problem.condition] }
      : {
          reasonCode: [
            concept(
              systems.icd10,
              'Z00.00',
              'Encounter for general adult medical examination without abnormal findings',
            ),
          ],
        }
  return chart.add('ServiceRequest', ['us-core-servicerequest'], {
    status: 'active',
    intent: 'order',
    category,
    code,
    subject,
    encounter: visit.encounter,
    occurrencePeriod: { start: dateTime(visit.start), end: dateTime(visit.end) },
    authoredOn: dateTime(visit.start),
    requester: visit.clinician,
    ...reason,
  })
}
