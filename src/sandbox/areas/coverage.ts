import { date, yearMs } from '../calendar.ts'
import { concept, systems } from '../coding.ts'
import { ageAt, type Person } from '../life/index.ts'
import { organizationReference } from '../shared/sites.ts'

const coverageClass = (code: 'group' | 'plan', value: string, name: string) => ({
  type: concept('http://terminology.hl7.org/CodeSystem/coverage-class', code, code === 'group' ? 'Group' : 'Plan'),
  value,
  name,
})

/** Who pays: an employer's plan, or Medicare's replacement from 65 on; and the account it is billed to. */
export function writeCoverage(person: Person) {
  const { chart, random, number, end } = person
  const isOld = ageAt(person, end) >= 65
  const memberId = `PHP${String(100_000_000 + number * 7919).slice(0, 9)}`
  const start = Math.max(person.birth, end - random.whole(1, 6) * yearMs)
  const coverage = chart.add('Coverage', ['us-core-coverage'], {
    identifier: [
      {
        type: concept(systems.identifierType, 'MB', 'Member Number'),
        system: 'urn:charthouse:sandbox:member',
        value: memberId,
      },
    ],
    status: 'active',
    type: concept('https://nahdo.org/sopt', isOld ? '111' : '3712', isOld ? 'Medicare HMO' : 'PPO'),
    subscriberId: memberId,
    beneficiary: person.subject,
    relationship: concept('http://terminology.hl7.org/CodeSystem/subscriber-relationship', 'self', 'Self'),
    period: { start: date(start) },
    payor: [organizationReference(isOld ? 'payer-2' : 'payer-1')],
    class: [
      coverageClass('group', `G-${(number % 40) + 100}`, `Employees of group ${(number % 40) + 100}`),
      coverageClass('plan', isOld ? 'MA-200' : 'PPO-500', isOld ? 'Advantage 200' : 'Preferred 500'),
    ],
  })
  if (number % 8 === 1) writeAccount(person, coverage)
}

function writeAccount({ chart, subject, id, home }: Person, coverage: { reference: string }) {
  chart.add('Account', [], {
    identifier: [{ system: 'urn:charthouse:sandbox:account', value: `A-${id}` }],
    status: 'active',
    type: concept(systems.actCode, 'PBILLACCT', 'patient billing account'),
    name: 'Billing account',
    subject: [subject],
    coverage: [{ coverage, priority: 1 }],
    owner: home.organization,
  })
}
