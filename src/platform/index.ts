/** The platform's own records and their rules. */

// in the database

export { installationKey, installationNote, setInstallationNote } from './installation-store.ts'
export {
  addPractice,
  changeSettings,
  findPractice,
  listPractices,
  type PracticeRecord,
  practiceNamed,
  practiceNumbered,
} from './practice-store.ts'

// what a practice is and can set

export type { PracticeProfile } from './practice.ts'
export { type PracticeSettings, practiceSettings, type SettingKey } from './practice-settings.ts'
export type { HiddenFrom, SensitiveLabel } from './sensitive.ts'
export type { Setting } from './setting.ts'

// where it lives

export { fhirBases, practiceRoot } from './practice-urls.ts'
