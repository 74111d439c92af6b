import { concept, type Reference, systems } from '../coding.ts'
import { npi } from '../npi.ts'

/** An organization of the sandbox: who runs it and where it is. */
export interface Organization {
  readonly id: string
  readonly name: string
  readonly type: readonly [code: string, display: string]
  readonly npi: string
  readonly clia?: string
  readonly naic?: string
  readonly phone: string
  readonly address: readonly [line: string, city: string, state: string, postalCode: string]
}

const provider = ['prov', 'Healthcare Provider'] as const
const payer = ['pay', 'Payer'] as const

// biome-ignore format: one organization a line
export const organizations: readonly Organization[] = [
  { id: 'clinic-1', name: 'Harborview Family Medicine', type: provider, npi: npi(2, 10234501), clia: '22D0100231', phone: '617-555-0110', address: ['12 Harbor Street', 'Boston', 'MA', '02118'] },
  { id: 'clinic-2', name: 'Blackstone Primary Care', type: provider, npi: npi(2, 10234502), phone: '508-555-0120', address: ['480 Main Street', 'Worcester', 'MA', '01608'] },
  { id: 'clinic-3', name: 'Merrimack Valley Pediatrics', type: provider, npi: npi(2, 10234503), phone: '978-555-0130', address: ['77 Canal Street', 'Lowell', 'MA', '01852'] },
  { id: 'hospital-1', name: 'Bay Colony General Hospital', type: provider, npi: npi(2, 10234504), clia: '22D0100477', phone: '617-555-0140', address: ['900 Commonwealth Parkway', 'Boston', 'MA', '02215'] },
  { id: 'laboratory-1', name: 'Commonwealth Reference Laboratory', type: provider, npi: npi(2, 10234505), clia: '22D0100912', phone: '617-555-0150', address: ['3 Technology Square', 'Cambridge', 'MA', '02139'] },
  { id: 'pharmacy-1', name: 'Old North Pharmacy', type: provider, npi: npi(2, 10234506), phone: '617-555-0160', address: ['193 Salem Street', 'Boston', 'MA', '02113'] },
  { id: 'payer-1', name: 'Pilgrim Health Plan', type: payer, npi: npi(2, 10234507), naic: '95731', phone: '800-555-0170', address: ['1 Wellness Way', 'Quincy', 'MA', '02169'] },
  { id: 'payer-2', name: 'Mayflower Mutual Insurance', type: payer, npi: npi(2, 10234508), naic: '95844', phone: '800-555-0180', address: ['200 State Street', 'Hartford', 'CT', '06103'] },
]

export const organizationReference = (id: string): Reference => ({
  reference: `Organization/${id}`,
  display: organizations.find((organization) => organization.id === id)?.name ?? id,
})

export interface Clinician {
  readonly id: string
  readonly given: string
  readonly family: string
  readonly gender: 'female' | 'male'
  readonly npi: string
  readonly organization: string
  readonly specialty: readonly [nucc: string, display: string]
}

const general = ['208D00000X', 'General Practice Physician'] as const
const family = ['207Q00000X', 'Family Medicine Physician'] as const
const pediatrics = ['208000000X', 'Pediatrics Physician'] as const
const inner = ['207R00000X', 'Internal Medicine Physician'] as const
const emergency = ['207P00000X', 'Emergency Medicine Physician'] as const
const obstetrics = ['207V00000X', 'Obstetrics & Gynecology Physician'] as const

// biome-ignore format: one clinician a line
export const clinicians: readonly Clinician[] = [
  { id: 'practitioner-1', given: 'Miriam', family: 'Castellano', gender: 'female', npi: npi(1, 30455101), organization: 'clinic-1', specialty: family },
  { id: 'practitioner-2', given: 'Desmond', family: 'Achebe', gender: 'male', npi: npi(1, 30455102), organization: 'clinic-1', specialty: general },
  { id: 'practitioner-3', given: 'Ingrid', family: 'Lindqvist', gender: 'female', npi: npi(1, 30455103), organization: 'clinic-2', specialty: inner },
  { id: 'practitioner-4', given: 'Rafael', family: 'Montoya', gender: 'male', npi: npi(1, 30455104), organization: 'clinic-2', specialty: family },
  { id: 'practitioner-5', given: 'Sunita', family: 'Raghavan', gender: 'female', npi: npi(1, 30455105), organization: 'clinic-3', specialty: pediatrics },
  { id: 'practitioner-6', given: 'Patrick', family: 'Donnelly', gender: 'male', npi: npi(1, 30455106), organization: 'clinic-3', specialty: pediatrics },
  { id: 'practitioner-7', given: 'Hannah', family: 'Goldberg', gender: 'female', npi: npi(1, 30455107), organization: 'hospital-1', specialty: emergency },
  { id: 'practitioner-8', given: 'Marcus', family: 'Whitfield', gender: 'male', npi: npi(1, 30455108), organization: 'hospital-1', specialty: inner },
  { id: 'practitioner-9', given: 'Yuki', family: 'Tanaka', gender: 'female', npi: npi(1, 30455109), organization: 'hospital-1', specialty: obstetrics },
]

export const clinicianReference = (clinician: Clinician): Reference => ({
  reference: `Practitioner/${clinician.id}`,
  display: `Dr. ${clinician.given} ${clinician.family}`,
})

/** Where a visit takes place and who sees the patient. */
export interface Site {
  readonly organization: Reference
  readonly location: Reference
  readonly clinicians: readonly Reference[]
}

function site(organization: string, location: string, locationName: string): Site {
  return {
    organization: organizationReference(organization),
    location: { reference: `Location/${location}`, display: locationName },
    clinicians: clinicians.filter((clinician) => clinician.organization === organization).map(clinicianReference),
  }
}

export const sites = {
  adults: [
    site('clinic-1', 'location-1', 'Harborview Family Medicine, examination rooms'),
    site('clinic-2', 'location-2', 'Blackstone Primary Care'),
  ],
  children: [site('clinic-3', 'location-3', 'Merrimack Valley Pediatrics')],
  hospital: site('hospital-1', 'location-4', 'Bay Colony General Hospital, medical ward'),
  emergency: site('hospital-1', 'location-5', 'Bay Colony General Hospital, emergency department'),
} as const

export const npiIdentifier = (value: string) => ({ system: systems.npi, value })
export const organizationType = ([code, display]: readonly [string, string]) =>
  concept('http://terminology.hl7.org/CodeSystem/organization-type', code, display)
