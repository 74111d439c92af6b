/** The platform's own records and their rules. */

// in the database
export { installationKey, installationNote, setInstallationNote } from './installation-store.ts'
export type { PracticeProfile } from './practice.ts'
// what a practice can set
export {
  type PracticeSettings,
  practiceSettings,
  type SettingKey,
} from './practice-settings.ts'
export {
  addPractice,
  changeSettings,
  findPractice,
  listPractices,
  type PracticeRecord,
  practiceNamed,
  practiceNumbered,
} from './practice-store.ts'
// where it lives
export { fhirBases, practiceRoot } from './practice-urls.ts'
export type { HiddenFrom, SensitiveLabel } from './sensitive.ts'
export type { Setting } from './setting.ts'
