/** The suites of the kit in which people allow apps something, and what the driver does in each. */
import type { Person } from './tested-practice.ts'

export interface AuthorizationSuite {
  readonly id: string
  /** What the kit calls it, where it runs with several options. */
  readonly kitSuite: string
  readonly options: Readonly<Record<string, string>>
  /** The version of US Core that the sandbox is made for. */
  readonly usCore: string
  readonly referencePatients: string
  /** That of the practice; the standard one unless told otherwise. */
  readonly dialect?: string
  readonly smartVersion: '1.0.0' | '2.0' | '2.2'
  /** The apps wanted, by the name of the kit's input. */
  readonly apps: Readonly<Record<string, AppWanted>>
  readonly steps: readonly Step[]
}

export interface AppWanted {
  readonly type: 'public' | 'symmetric' | 'asymmetric' | 'backend'
  /** In place of what the kit would ask for. */
  readonly scope?: (usual: string) => string
  /** It is permitted to export the Group and nothing else, and signs with a key of its own. */
  readonly exports?: true
}

/** A group of the kit, run by itself. */
export interface Step {
  /** The end of its id, without the version of SMART. */
  readonly group: string
  /** Who signs in, or is signed in at the EHR; the clinician unless told otherwise. */
  readonly person?: Person
  /** What is ticked of what may be ticked; everything unless told otherwise. */
  readonly ticks?: (offered: readonly string[]) => readonly string[]
  /** The grant of the standalone launch ends before. */
  readonly revokesFirst?: boolean
  /** In place of the suite's: the group runs in a session of its own. */
  readonly options?: Readonly<Record<string, string>>
}

const backend: AppWanted = { type: 'backend', scope: () => 'system/*.rs' }
const smartSteps: readonly Step[] = [
  { group: 'smart_full_standalone_launch', person: 'patient' },
  { group: 'smart_full_ehr_launch' },
]
const smart2Steps: readonly Step[] = [
  ...smartSteps,
  { group: 'smart_backend_services' },
  { group: 'smart_token_introspection', person: 'patient' },
]
const sandbox = { usCore: '6.1.0', referencePatients: '85,355,907' } as const

const g10Apps: AuthorizationSuite['apps'] = {
  standalone_smart_auth_info: { type: 'symmetric' },
  ehr_smart_auth_info: { type: 'symmetric' },
  public_smart_auth_info: { type: 'public' },
  ehr_patient_smart_auth_info: { type: 'symmetric' },
  asymmetric_smart_auth_info: { type: 'asymmetric' },
  v1_smart_auth_info: { type: 'symmetric' },
  // One patient in context would not do: the kit repeats its searches for all of them
  granular_scopes_1_auth_info: { type: 'symmetric', scope: asUser },
  granular_scopes_2_auth_info: { type: 'symmetric', scope: asUser },
  granular_scopes_selection_smart_auth_info: { type: 'symmetric' },
  bulk_smart_auth_info: { ...backend, exports: true },
}

/** In the order that certification.md 4.4 gives; what group 10 asked is asked again with fewer scopes. */
const g10Steps = ({ api, ofScopes }: { readonly api: string; readonly ofScopes: string }): readonly Step[] => [
  { group: 'g10_smart_standalone_patient_app', person: 'patient' },
  { group: 'g10_smart_limited_app', person: 'patient', ticks: onlyTypes('Patient', 'Condition', 'Observation') },
  { group: 'g10_smart_ehr_practitioner_app' },
  { group: api },
  { group: 'multi_patient_api' },
  { group: 'g10_public_standalone_launch', person: 'patient' },
  { group: 'g10_token_revocation', revokesFirst: true },
  { group: 'g10_smart_invalid_aud', person: 'patient' },
  { group: 'g10_smart_invalid_token_request', person: 'patient' },
  { group: 'g10_smart_invalid_pkce_code_verifier_group', person: 'patient' },
  { group: 'g10_ehr_patient_launch' },
  { group: 'g10_token_introspection', person: 'patient' },
  { group: 'g10_asymmetric_launch', person: 'patient' },
  { group: 'g10_smart_v1_scopes', person: 'patient' },
  { group: `${ofScopes}_smart_fine_grained_scopes` },
  {
    group: `${ofScopes}_smart_granular_scope_selection`,
    person: 'patient',
    ticks: inParts('Condition', 'Observation'),
  },
  // Bulk Data 1.0.1: a session has one version of it
  { group: 'multi_patient_api', options: { multi_patient_version: 'multi_patient_api_stu1' } },
]
// DiagnosticReport.media.link: the kit follows it, but does not ask for its type by itself
const g10Apps7: AuthorizationSuite['apps'] = {
  ...g10Apps,
  ehr_smart_auth_info: { type: 'symmetric', scope: (usual) => `${usual} user/Media.rs` },
}
const steps6 = g10Steps({ api: 'g10_single_patient_us_core_6_api', ofScopes: 'g10' })
const steps7 = g10Steps({ api: 'g10_single_patient_us_core_7_api', ofScopes: 'g10_us_core_7' })

export const authorizationSuites: readonly AuthorizationSuite[] = [
  {
    ...{ id: 'smart', kitSuite: 'smart', options: {}, smartVersion: '1.0.0', ...sandbox },
    dialect: 'mof', // as the kit sends no PKCE here, which the standard one demands
    apps: { standalone_smart_auth_info: { type: 'symmetric' }, ehr_smart_auth_info: { type: 'symmetric' } },
    steps: smartSteps,
  },
  {
    ...{ id: 'smart_stu2', kitSuite: 'smart_stu2', options: {}, smartVersion: '2.0', ...sandbox },
    apps: {
      standalone_smart_auth_info: { type: 'symmetric' },
      ehr_smart_auth_info: { type: 'symmetric' },
      backend_services_smart_auth_info: backend,
    },
    steps: smart2Steps,
  },
  {
    ...{ id: 'smart_stu2_2', kitSuite: 'smart_stu2_2', options: {}, smartVersion: '2.2', ...sandbox },
    apps: {
      standalone_smart_auth_info: { type: 'public' },
      ehr_smart_auth_info: { type: 'asymmetric' },
      backend_services_smart_auth_info: backend,
    },
    steps: smart2Steps,
  },
  {
    ...{ id: 'smart_access_brands', kitSuite: 'smart_access_brands', options: {}, smartVersion: '2.2', ...sandbox },
    apps: {},
    steps: [{ group: 'retrieve_and_validate_smart_access_brands' }],
  },
  {
    ...{ id: 'g10_certification', kitSuite: 'g10_certification', smartVersion: '2.0', ...sandbox },
    options: g10Options('us_core_6', 'smart_app_launch_2'),
    apps: g10Apps,
    steps: steps6,
  },
  {
    ...{ id: 'g10_certification_smart_2_2', kitSuite: 'g10_certification', smartVersion: '2.2', ...sandbox },
    options: g10Options('us_core_6', 'smart_app_launch_2_2'),
    apps: g10Apps,
    steps: steps6,
  },
  {
    ...{ id: 'g10_certification_us_core_7', kitSuite: 'g10_certification', smartVersion: '2.2', ...sandbox },
    usCore: '7.0.0',
    options: g10Options('us_core_7', 'smart_app_launch_2_2'),
    apps: g10Apps7,
    steps: steps7,
  },
]

function g10Options(usCore: string, smart: string) {
  return {
    us_core_version: usCore,
    smart_app_launch_version: smart,
    multi_patient_version: 'multi_patient_api_stu2',
  }
}

function asUser(scope: string): string {
  return scope.replaceAll('patient/', 'user/').replace('launch/user', 'launch/patient')
}

function onlyTypes(...types: readonly string[]) {
  return (offered: readonly string[]) =>
    offered.filter((scope) => !scope.includes('?') && types.some((type) => scope.includes(`/${type}.`)))
}

/** Of these types the categories, one by one, and not the whole. */
function inParts(...types: readonly string[]) {
  const hasParts = (scope: string) => types.some((type) => scope.includes(`/${type}.`))
  return (offered: readonly string[]) => offered.filter((scope) => hasParts(scope) === scope.includes('?'))
}
