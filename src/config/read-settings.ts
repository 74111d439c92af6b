import { Problem } from '#lib'
import { type InstallationSetting, type Settings, settingTable } from './setting-table.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The settings of this environment; all that is wrong is reported together. */
export function readSettings(environment: Environment): Settings {
  const faults: string[] = []
  const values = Object.entries(settingTable).map(([key, setting]) => {
    const read = (setting as InstallationSetting<unknown>).parse(environment[setting.name])
    if ('value' in read) return [key, read.value]
    faults.push(`${setting.name}: ${read.wrong}, not "${shown(setting, environment)}"`)
    return [key, undefined]
  })
  if (faults.length > 0) throw new Problem('incorrect', `The settings cannot be used. ${faults.join('. ')}`)
  return Object.fromEntries(values) as Settings
}

/** Every setting with its value, secrets masked, for `check-settings`. */
export function shownSettings(
  environment: Environment,
): { name: string; value: string; about: string; isSet: boolean }[] {
  return Object.values(settingTable).map((setting) => ({
    name: setting.name,
    value: environment[setting.name] === undefined ? setting.initial : shown(setting, environment),
    about: setting.about,
    isSet: environment[setting.name] !== undefined,
  }))
}

function shown(setting: { readonly name: string; readonly isSecret?: boolean }, environment: Environment): string {
  return setting.isSecret ? '(secret)' : (environment[setting.name] ?? '')
}

export function baseUrlOf({ baseUrl, port }: Pick<Settings, 'baseUrl' | 'port'>): string {
  return baseUrl ?? `http://localhost:${port}`
}
