import { type Dialect, type DialectName, dialectNames } from '#dialects'
import { Problem } from '#lib'
import { readHostName, readPathName } from './practice-names.ts'
import { readSensitive, type SensitiveLabel, sensitiveForm } from './sensitive.ts'
import { oneOf, optional, type Setting, setting, switched, text, wholeNumber } from './setting.ts'

/** Every setting of a practice: what is stored, `practice settings`, the portal and the docs follow from this table. */
export const practiceSettings = {
  name: optional('a text of up to 200 characters', text(200), 'Name of the practice, as patients know it'),
  npi: optional('the ten digits of a National Provider Identifier', readNpi, 'National Provider Identifier'),
  address: optional('a text of up to 500 characters', text(500), 'Postal address, on one line'),
  phone: optional('a telephone number', readPhone, 'Telephone number for patients and app makers'),
  contact: optional('a mail address or https URL', readContact, 'Where app makers and patients turn to'),
  logo: optional('an https URL', readHttpsUrl, 'Logo shown at sign-in and in the brands list'),
  timeZone: setting('an IANA time zone such as America/Chicago', readTimeZone, {
    initial: 'UTC',
    about: 'Zone in which dates without one are read',
  }),
  path: optional('letters a to z, digits and hyphens', readPathName, 'Segment of its addresses in place of its id'),
  hostName: optional('a host name such as fhir.example.org', readHostName, 'Its own host name, in place of a path'),
  dialect: oneOf<DialectName>(dialectNames, {
    initial: (dialect) => dialect.name,
    about: 'Which described system it speaks like; the values marked "by dialect" start from it',
  }),
  types: setting<readonly string[] | 'all'>('all, or resource types parted by commas', readTypes, {
    initial: 'all',
    about: 'Resource types that it offers',
  }),
  handling: oneOf(['strict', 'lenient'], {
    initial: 'strict',
    about: 'What an unknown search parameter does when the client sends no Prefer: handling',
  }),
  refuseWeakPatientSearch: switched({
    initial: (dialect) => dialect.refuseWeakPatientSearch,
    about: 'Refuse searches of Patient by little more than gender or birth date',
  }),
  defaultCount: wholeNumber(1, 1000, { initial: 50, about: 'Resources on a page when the client sends no _count' }),
  maximumCount: wholeNumber(1, 1000, { initial: 1000, about: 'Most resources on a page' }),
  maximumBundleEntries: wholeNumber(1, 50_000, {
    initial: 5000,
    about: 'Most entries of a batch or transaction that is posted',
  }),
  references: oneOf(['accept', 'warn', 'refuse'], {
    initial: 'accept',
    about: 'What is done with a reference to a resource that is not here',
  }),
  validation: oneOf(['off', 'structural', 'warn', 'strict'], {
    initial: 'structural',
    about: 'structural: shape and required codes; warn: profiles are reported; strict: profiles are enforced',
  }),
  writes: switched({ initial: false, about: 'Whether apps may create, change and delete' }),
  patientWrites: switched({ initial: false, about: 'Whether apps of patients and guardians may, too' }),
  updateCreates: switched({ initial: true, about: 'Whether PUT creates under an id that is not there' }),
  deleteReferenced: oneOf(['allow', 'refuse'], {
    initial: 'allow',
    about: 'Whether a resource may be deleted while others refer to it',
  }),
  provenance: switched({ initial: false, about: 'Whether every write makes a Provenance of who did what and when' }),
  importMaximumGigabytes: wholeNumber(1, 100_000, {
    initial: 10,
    about: 'How much all files of an $import may be together, unpacked',
  }),
  visibility: oneOf(['practice', 'assigned'], {
    initial: 'practice',
    about: 'Patients whom staff see: every one, or those with an Encounter, CareTeam or access row that names them',
  }),
  sensitive: setting<readonly SensitiveLabel[]>(sensitiveForm, readSensitive, {
    initial: [],
    about: 'Security labels that hide a resource, and from whom; never from the patient in person',
  }),
  'tokenSeconds.backend': wholeNumber(60, 3600, {
    initial: (dialect) => dialect.tokenSeconds.backend,
    about: 'Life of an access token of a backend app',
  }),
  'tokenSeconds.user': wholeNumber(60, 3600, {
    initial: (dialect) => dialect.tokenSeconds.user,
    about: 'Life of an access token of an app with a user',
  }),
  refreshDays: wholeNumber(92, 3650, {
    initial: 180,
    about: 'Life of a refresh token of offline access, renewed by each use; a date that the person chose ends it',
  }),
  refreshGraceSeconds: wholeNumber(0, 30, {
    initial: 10,
    about: 'How long a confidential app may use a refresh token once more, whose answer was lost',
  }),
  onlineHours: wholeNumber(1, 12, {
    initial: 12,
    about: 'Longest life of online access, which ends with the sign-in or the launch',
  }),
  tokenRequestsPerMinute: wholeNumber(10, 1_000_000, {
    initial: 160,
    about: 'Requests to the authorization server that an app may make in a minute from one address, to each process',
  }),
  exportLines: wholeNumber(1, 10_000_000, {
    initial: (dialect) => dialect.export.maxLinesPerFile,
    about: 'Most resources in a file of a bulk export',
  }),
  exportMegabytes: wholeNumber(1, 10_000, {
    initial: 100,
    about: 'Most megabytes of a file of a bulk export, unpacked',
  }),
  exportExpiryHours: wholeNumber(1, 8760, {
    initial: (dialect) => dialect.export.expiryHours,
    about: 'How long the files of a bulk export can be fetched',
  }),
  exportUrls: oneOf(['bearer', 'capability'], {
    initial: (dialect) => dialect.export.urls,
    about: 'bearer: files need an access token; capability: their addresses are secret and need none',
  }),
  exportHeaders: oneOf(['lenient', 'strict'], {
    initial: 'lenient',
    about: 'strict: who starts an export has to send Accept: application/fhir+json and Prefer: respond-async',
  }),
  exportGzip: switched({ initial: false, about: 'Whether files of bulk exports are stored packed' }),
  exportsRunning: wholeNumber(1, 100, { initial: 2, about: 'Bulk exports of an app that run at once; others wait' }),
  exportsQueued: wholeNumber(1, 10_000, { initial: 100, about: 'Bulk exports of an app that may wait' }),
  exportsKept: wholeNumber(1, 10_000, {
    initial: 100,
    about: 'Exports of an app whose files may lie there until they expire; beyond it has to DELETE some first',
  }),
  practiceExportsRunning: wholeNumber(1, 1000, {
    initial: 8,
    about: 'Bulk exports of all apps together that run at once; apps that wait have their turns one after the other',
  }),
  practiceExportsQueued: wholeNumber(1, 100_000, {
    initial: 1000,
    about: 'Bulk exports of all apps together that may wait',
  }),
  practiceExportsGigabytes: wholeNumber(1, 1_000_000, {
    initial: 1000,
    about:
      'Gigabytes of files of bulk exports, of all apps together, above which no other one begins until some are deleted or expire',
  }),
} as const satisfies Readonly<Record<string, Setting<unknown>>>

export type SettingKey = keyof typeof practiceSettings

/** Every setting with its value, read. */
export type PracticeSettings = {
  readonly [Key in SettingKey]: ReturnType<(typeof practiceSettings)[Key]['parse']>
}

export const settingKeys = Object.keys(practiceSettings) as readonly SettingKey[]

/** The value of a setting's text; throws Problem 'incorrect' with what is allowed. */
export function parseSetting<Key extends SettingKey>(key: Key, value: string): PracticeSettings[Key]
export function parseSetting(key: string, value: string): unknown
export function parseSetting(key: string, value: string): unknown {
  if (!Object.hasOwn(practiceSettings, key)) {
    throw new Problem('incorrect', `There is no setting "${key}"; there are ${settingKeys.join(', ')}`)
  }
  try {
    return practiceSettings[key as SettingKey].parse(value)
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause
    throw new Problem('incorrect', `Cannot set ${key}: ${cause.message}`, { expression: key, cause })
  }
}

/** What a practice of this dialect has set, and for the rest the initial values. */
export function settingsOf(dialect: Dialect, stored: Readonly<Record<string, string>>): PracticeSettings {
  const settingOf = (key: SettingKey) => {
    const value = stored[key]
    if (value !== undefined) return parseSetting(key as string, value)
    const { initial } = practiceSettings[key] as Setting<unknown>
    return typeof initial === 'function' ? initial(dialect) : initial
  }
  return Object.fromEntries(settingKeys.map((key) => [key, settingOf(key)])) as unknown as PracticeSettings
}

function readNpi(value: string): string | undefined {
  return /^[12]\d{9}$/.test(value) ? value : undefined
}

function readPhone(value: string): string | undefined {
  return /^\+?[\d\s().x-]{5,30}$/.test(value.trim()) ? value.trim() : undefined
}

function readContact(value: string): string | undefined {
  return /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(value) ? value : readHttpsUrl(value)
}

function readHttpsUrl(value: string): string | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined
  return url?.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : undefined
}

function readTimeZone(value: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone
  } catch {
    return undefined // the one thing that a RangeError says here
  }
}

function readTypes(value: string): readonly string[] | 'all' | undefined {
  if (value === 'all') return 'all'
  const types = value.split(',').map((type) => type.trim())
  return types.every((type) => /^[A-Z][A-Za-z]+$/.test(type)) ? [...new Set(types)] : undefined
}
