/** The platform's own records and their rules. */

// apps, and what practices permit them

export {
  type App,
  type AppRecord,
  type AppState,
  type AppType,
  type AppUse,
  appTypes,
  appUses,
  type ClientKeys,
  type Jwk,
  type KeySet,
  originsOf,
  servesPatients,
  smartVersions,
} from './app.ts'
export { type AppDirectory, openAppDirectory } from './app-directory.ts'
export {
  addApp,
  addSecret,
  appNamed,
  findApp,
  hashSecret,
  listApps,
  setAppKeys,
  setAppState,
  setRecord,
} from './app-store.ts'
export { firstPartyApp } from './first-party-store.ts'
export { readKeySet } from './key-set.ts'
export {
  type AppPermission,
  closedBecause,
  isOnAt,
  type PermissionState,
  type Permitting,
  permittedTo,
  type Side,
} from './permission.ts'
export {
  endBareSuspension,
  findPermission,
  permissionsAt,
  permitApp,
  setPermissionState,
  suspendApp,
} from './permission-store.ts'
export { isLoopback, type UrlRules } from './registered-url.ts'
export { hasKeys, type Registration, readClientKeys, readRegistration } from './registration.ts'

// practices in the database

export { firstInstallationNote, installationKey, installationNote, setInstallationNote } from './installation-store.ts'
export {
  addPractice,
  changeSettings,
  findPractice,
  listPractices,
  type PracticeRecord,
  practiceNamed,
  practiceNumbered,
} from './practice-store.ts'

// keys that seal what is stored

export { secretKeysIn } from './secret-key-file.ts'

// what a practice is and can set

export type { PracticeProfile } from './practice.ts'
export { type PracticeSettings, practiceSettings, type SettingKey } from './practice-settings.ts'
export type { HiddenFrom, SensitiveLabel } from './sensitive.ts'
export { type Setting, settingText } from './setting.ts'

// people with an account at a practice

export { hashPassword, isPassword } from './password.ts'
export {
  checkNewPassword,
  linkKinds,
  type NewUser,
  type PatientLink,
  type User,
  type UserRole,
  userRoles,
} from './user.ts'
export { addUser, findUser, listUsers, passwordOf, personasAt, setPassword, setUserDisabled } from './user-store.ts'

// where it lives

export { fhirBases, practiceRoot } from './practice-urls.ts'
