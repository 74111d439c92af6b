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
  const settings = Object.fromEntries(values) as Settings
  faults.push(...contradictions(settings), ...contradictionsOfFiles(settings))
  if (faults.length > 0) throw new Problem('incorrect', `The settings cannot be used. ${faults.join('. ')}`)
  return settings
}

/** What is wrong with settings together that are right alone. */
function contradictions({ tlsCert, tlsKey, baseUrl, host }: Settings): string[] {
  const found: string[] = []
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    const [given, missing] = tlsCert === undefined ? ['TLS_KEY', 'TLS_CERT'] : ['TLS_CERT', 'TLS_KEY']
    found.push(`${given}: ${missing} is wanted, too, or neither of them`)
  }
  if (tlsCert !== undefined && baseUrl?.startsWith('http:')) {
    found.push(`BASE_URL: with TLS_CERT a URL that begins with https:// is wanted, not "${baseUrl}"`)
  }
  if (tlsCert !== undefined && host === 'localhost') {
    // Fastify makes a second server for its other address, which would keep the certificate that it began with
    found.push('HOST: with TLS_CERT an address is wanted, such as 127.0.0.1, not "localhost"')
  }
  return found
}

function contradictionsOfFiles({ filesDir, s3Bucket, s3AccessKey, s3SecretKey, ...others }: Settings): string[] {
  const found: string[] = []
  if (filesDir !== undefined && s3Bucket !== undefined) {
    found.push('FILES_DIR: files are there or in S3_BUCKET, only one of the two is wanted')
  }
  if ((s3AccessKey === undefined) !== (s3SecretKey === undefined)) {
    const [given, missing] =
      s3AccessKey === undefined ? ['S3_SECRET_KEY', 'S3_ACCESS_KEY'] : ['S3_ACCESS_KEY', 'S3_SECRET_KEY']
    found.push(`${given}: ${missing} is wanted, too, or neither of them`)
  }
  if (s3Bucket === undefined && (others.s3Endpoint ?? others.s3Prefix ?? s3AccessKey) !== undefined) {
    found.push('S3_BUCKET: a bucket is wanted, too, where S3_ENDPOINT, S3_PREFIX or S3_ACCESS_KEY is set')
  }
  return found
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

export function baseUrlOf({ baseUrl, port, tlsCert }: Pick<Settings, 'baseUrl' | 'port' | 'tlsCert'>): string {
  return baseUrl ?? `${tlsCert === undefined ? 'http' : 'https'}://localhost:${port}`
}
