import { date, yearMs } from '../calendar.ts'
import { type Concept, snomed } from '../coding.ts'
import { happens, type Person, type Visit } from '../life/index.ts'

interface DeviceFact {
  readonly type: Concept
  readonly name: string
  readonly deviceIdentifier: string
}
// biome-ignore format: one device a line
const devices: readonly DeviceFact[] = [
  { type: snomed('14106009', 'Cardiac pacemaker, device (physical object)'), name: 'Dual chamber pacemaker', deviceIdentifier: '00812345600011' },
  { type: snomed('67270000', 'Hip prosthesis, device (physical object)'), name: 'Cementless hip stem', deviceIdentifier: '00812345600028' },
  { type: snomed('65818007', 'Stent (physical object)'), name: 'Coronary stent', deviceIdentifier: '00812345600035' },
]

/** https://hl7.org/fhir/us/core/StructureDefinition-us-core-implantable-device.html, put in during a stay in hospital. */
export function writeDevice(person: Person, visit: Visit) {
  if (visit.kind !== 'inpatient' || visit.age < 45 || !happens(person, 0.35)) return
  const { chart, random, subject, number } = person
  const hadInfarction = visit.about?.code.coding[0]?.code === '22298006'
  const fact = hadInfarction ? devices[2] : devices[number % 2]
  if (!fact) return
  const made = visit.start - random.whole(60, 400) * 86_400_000
  const expires = visit.start + 4 * yearMs
  const lot = `LOT${random.whole(1000, 9999)}`
  const serial = `SN${random.whole(100_000, 999_999)}`
  const short = (at: number) => date(at).slice(2).replaceAll('-', '')
  const readable = `(01)${fact.deviceIdentifier}(11)${short(made)}(17)${short(expires)}(10)${lot}(21)${serial}`
  chart.add('Device', ['us-core-implantable-device'], {
    udiCarrier: [
      {
        deviceIdentifier: fact.deviceIdentifier,
        issuer: 'http://hl7.org/fhir/NamingSystem/gs1-di',
        carrierAIDC: Buffer.from(readable.replaceAll(/[()]/g, '')).toString('base64'),
        carrierHRF: readable,
        entryType: 'barcode',
      },
    ],
    status: 'active',
    distinctIdentifier: `D${serial}`,
    manufacturer: 'Bay Colony Devices',
    manufactureDate: date(made),
    expirationDate: date(expires),
    lotNumber: lot,
    serialNumber: serial,
    deviceName: [{ name: fact.name, type: 'user-friendly-name' }],
    type: fact.type,
    patient: subject,
  })
}
