/** The settings of the installation, from the environment, read once. */
export { baseUrlOf, readSettings, shownSettings } from './read-settings.ts'
export { type InstallationSetting, type Settings, settingTable } from './setting-table.ts'
