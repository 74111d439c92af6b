/** The versions of US Core, oldest first. */
export const usCoreVersions = ['3.1.1', '4.0.0', '5.0.1', '6.1.0', '7.0.0', '8.0.0'] as const
export type UsCore = (typeof usCoreVersions)[number]

export const atLeast = (version: UsCore, other: UsCore) =>
  usCoreVersions.indexOf(version) >= usCoreVersions.indexOf(other)

/** Profiles that are not in every version: the first version that has it, and the last one unless it still stands. */
const lifetimes: Readonly<Record<string, readonly [UsCore, UsCore?]>> = {
  'us-core-condition': ['3.1.1', '4.0.0'],
  'us-core-condition-encounter-diagnosis': ['5.0.1'],
  'us-core-condition-problems-health-concerns': ['5.0.1'],
  'us-core-observation-clinical-test': ['5.0.1', '5.0.1'],
  'us-core-observation-imaging': ['5.0.1', '5.0.1'],
  'us-core-observation-sdoh-assessment': ['5.0.1', '5.0.1'],
  'us-core-observation-social-history': ['5.0.1', '5.0.1'],
  'us-core-observation-survey': ['5.0.1', '5.0.1'],
  'us-core-observation-sexual-orientation': ['5.0.1'],
  'us-core-questionnaireresponse': ['5.0.1'],
  'us-core-relatedperson': ['5.0.1'],
  'us-core-servicerequest': ['5.0.1'],
  'us-core-coverage': ['6.1.0'],
  'us-core-medicationdispense': ['6.1.0'],
  'us-core-observation-clinical-result': ['6.1.0'],
  'us-core-observation-occupation': ['6.1.0'],
  'us-core-observation-pregnancyintent': ['6.1.0'],
  'us-core-observation-pregnancystatus': ['6.1.0'],
  'us-core-observation-screening-assessment': ['6.1.0'],
  'us-core-simple-observation': ['6.1.0'],
  'us-core-specimen': ['6.1.0'],
  'us-core-average-blood-pressure': ['7.0.0'],
  'us-core-care-experience-preference': ['7.0.0'],
  'us-core-treatment-intervention-preference': ['7.0.0'],
  'us-core-adi-documentreference': ['8.0.0'],
  'us-core-observation-adi-documentation': ['8.0.0'],
  'us-core-vital-signs': ['4.0.0'],
  'us-core-blood-pressure': ['4.0.0'],
  'us-core-bmi': ['4.0.0'],
  'us-core-body-height': ['4.0.0'],
  'us-core-body-temperature': ['4.0.0'],
  'us-core-body-weight': ['4.0.0'],
  'us-core-head-circumference': ['4.0.0'],
  'us-core-heart-rate': ['4.0.0'],
  'us-core-respiratory-rate': ['4.0.0'],
}

/** Until 3.1.1 the vital signs were the profiles of FHIR itself. */
const ofFhir: Readonly<Record<string, string>> = {
  'us-core-blood-pressure': 'bp',
  'us-core-bmi': 'bmi',
  'us-core-body-height': 'bodyheight',
  'us-core-body-temperature': 'bodytemp',
  'us-core-body-weight': 'bodyweight',
  'us-core-head-circumference': 'headcircum',
  'us-core-heart-rate': 'heartrate',
  'us-core-respiratory-rate': 'resprate',
}

export const usCoreUrl = 'http://hl7.org/fhir/us/core/StructureDefinition/'

export function hasProfile(version: UsCore, name: string): boolean {
  const [first, last] = lifetimes[name] ?? ['3.1.1']
  return atLeast(version, first) && (last === undefined || atLeast(last, version))
}

/** The canonical URLs of those of the named profiles that this version has. */
export function profilesIn(version: UsCore, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    if (hasProfile(version, name)) return [usCoreUrl + name]
    const older = version === '3.1.1' ? ofFhir[name] : undefined
    return older ? [`http://hl7.org/fhir/StructureDefinition/${older}`] : []
  })
}
