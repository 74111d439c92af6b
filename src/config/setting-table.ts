import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import { readSecretKeys, type SecretKey } from '#lib'

/** Every setting of an installation: type, docs/configuration.md and `check-settings` follow from this table. */
export interface InstallationSetting<T> {
  /** The environment variable. */
  readonly name: string
  readonly about: string
  /** Said in the docs where there is no fixed default. */
  readonly initial: string
  readonly isSecret?: boolean
  /** The value of the text, or a sentence that says what is allowed. */
  readonly parse: (text: string | undefined) => { readonly value: T } | { readonly wrong: string }
}

export const settingTable = {
  port: number('PORT', 8080, 'Port of the server', 0, 65_535),
  host: text('HOST', '127.0.0.1', 'Address that it listens at; 0.0.0.0 for every one of this machine'),
  processes: {
    name: 'PROCESSES',
    about:
      'Processes that answer requests; with more than one, another does the work in the background and watches them',
    initial: 'one for each core but one, at most 4',
    parse: (given) => {
      const value = given === undefined ? Math.min(4, Math.max(1, availableParallelism() - 1)) : Number(given)
      const isGood = given !== '' && Number.isInteger(value) && value >= 1 && value <= 64
      return isGood ? { value } : { wrong: 'a whole number from 1 to 64 is wanted' }
    },
  } satisfies InstallationSetting<number>,
  dataDir: text('DATA_DIR', './.charthouse', 'Folder of the embedded PostgreSQL and of files'),
  filesDir: optional(
    { name: 'FILES_DIR', about: 'Folder of export files, the same for all processes', initial: 'files in DATA_DIR' },
    { pattern: /./, wrong: 'the path of a folder is wanted' },
  ),
  s3Bucket: optional(
    { name: 'S3_BUCKET', about: 'Bucket of S3-compatible storage for export files', initial: 'none: they are on disk' },
    { pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$/, wrong: 'the name of a bucket is wanted' },
  ),
  s3Prefix: optional(
    { name: 'S3_PREFIX', about: 'Files lie below it in the bucket', initial: 'none: the bucket is for them alone' },
    { pattern: /^(?!.*\.\.)[A-Za-z0-9._/-]+$/, wrong: 'a path of letters, digits, ".", "_" and "-" is wanted' },
  ),
  s3Endpoint: optional(
    { name: 'S3_ENDPOINT', about: 'Address of storage that is not Amazon’s', initial: 'Amazon S3 of the region' },
    { pattern: /^https?:\/\/[^\s?#@]+$/, wrong: 'an http or https URL without query and password is wanted' },
  ),
  s3Region: optional(
    {
      name: 'S3_REGION',
      about: 'Region of the bucket',
      initial: 'us-east-1 with S3_ENDPOINT, else that of the AWS SDK',
    },
    { pattern: /^[A-Za-z0-9-]+$/, wrong: 'the name of a region is wanted' },
  ),
  s3AccessKey: optional(
    { name: 'S3_ACCESS_KEY', about: 'Id of the key for the bucket', initial: 'what the AWS SDK finds (role, profile)' },
    { pattern: /^\S+$/, wrong: 'the id of a key is wanted' },
  ),
  s3SecretKey: optional(
    { name: 'S3_SECRET_KEY', about: 'That key', initial: 'as S3_ACCESS_KEY', isSecret: true },
    { pattern: /^\S+$/, wrong: 'a key is wanted' },
  ),
  s3PathStyle: {
    name: 'S3_PATH_STYLE',
    about: 'true: the bucket is named in the path of addresses; false: in the name of the host',
    initial: 'true with S3_ENDPOINT, else false',
    parse: (given) =>
      given === undefined || given === 'true' || given === 'false'
        ? { value: given === undefined ? undefined : given === 'true' }
        : { wrong: 'true or false is wanted' },
  } satisfies InstallationSetting<boolean | undefined>,
  databaseUrl: {
    name: 'DATABASE_URL',
    about: 'PostgreSQL 15 to 18 of your own (postgres://user:password@host/database) in place of the embedded one',
    initial: 'the embedded PostgreSQL',
    isSecret: true,
    parse: (given) =>
      given === undefined || /^postgres(ql)?:\/\/\S+$/.test(given)
        ? { value: given }
        : { wrong: 'a URL that begins with postgres:// is wanted' },
  } satisfies InstallationSetting<string | undefined>,
  baseUrl: {
    name: 'BASE_URL',
    about: 'How clients reach this server, with a path prefix where there is one; all links begin with it',
    initial: 'http://localhost:PORT, https with TLS_CERT',
    parse: (given) => {
      if (given === undefined) return { value: undefined }
      const url = URL.canParse(given) ? new URL(given) : undefined
      const isGood =
        url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' && url.username === ''
      return isGood ? { value: given.replace(/\/+$/, '') } : { wrong: 'an http or https URL without query is wanted' }
    },
  } satisfies InstallationSetting<string | undefined>,
  tlsCert: file('TLS_CERT', 'PEM file of the certificate and those between it and its root: TLS ends here'),
  tlsKey: file('TLS_KEY', 'PEM file of its private key; both files are read again when they change'),
  secretKeys: {
    name: 'SECRET_KEYS',
    about:
      'Keys that seal private keys in the database, as id:base64 of 32 bytes, by commas; the first one seals, all of them open',
    initial: 'the file secret-keys in DATA_DIR, made at the first start; none with DATABASE_URL: nothing is sealed',
    isSecret: true,
    parse: (given) => {
      const value = given === undefined ? undefined : readSecretKeys(given)
      const wanted = 'id:base64 of 32 bytes is wanted, several by commas, each with an id of its own'
      return given === undefined || value ? { value } : { wrong: wanted }
    },
  } satisfies InstallationSetting<readonly SecretKey[] | undefined>,
  sandbox: {
    name: 'SANDBOX',
    about: 'on: the first start makes the practice "sandbox" with synthetic patients; off: it does not',
    initial: 'on with the embedded PostgreSQL, off with DATABASE_URL',
    parse: (given) =>
      given === undefined || given === 'on' || given === 'off' ? { value: given } : { wrong: 'on or off is wanted' },
  } satisfies InstallationSetting<'on' | 'off' | undefined>,
  sandboxPatients: number(
    'SANDBOX_PATIENTS',
    120,
    'Synthetic patients of the sandbox at the first start',
    1,
    1_000_000,
  ),
  databaseConnections: number(
    'DATABASE_CONNECTIONS',
    4,
    'Connections to PostgreSQL of each process; its writes have half as many more, each job in the background one',
    2,
    100,
  ),
  statementSeconds: number('STATEMENT_SECONDS', 30, 'A search that takes longer is ended (too-costly)', 1, 600),
  bodyLimitMb: number(
    'BODY_LIMIT_MB',
    10,
    'Largest body of a request, of a file for a Binary too, in megabytes; a file takes a third more as it is stored',
    1,
    500,
  ),
  metricsPort: {
    name: 'METRICS_PORT',
    about: 'Port of /metrics for Prometheus, apart from the API',
    initial: 'none: no metrics are served',
    parse: (given) => {
      if (given === undefined) return { value: undefined }
      const value = Number(given)
      return Number.isInteger(value) && value >= 0 && value <= 65_535 ? { value } : { wrong: 'a port is wanted' }
    },
  } satisfies InstallationSetting<number | undefined>,
  metricsHost: text('METRICS_HOST', '127.0.0.1', 'Address of /metrics'),
  development: {
    name: 'DEVELOPMENT',
    about: 'true: apps may have http and loopback addresses for keys and redirects; never where real patients are',
    initial: 'false',
    parse: (given) =>
      given === undefined || given === 'true' || given === 'false'
        ? { value: given === 'true' }
        : { wrong: 'true or false is wanted' },
  } satisfies InstallationSetting<boolean>,
  trustedProxies: {
    name: 'TRUSTED_PROXIES',
    about:
      'Addresses or networks (10.0.0.0/8), by commas, of proxies in front, whose X-Forwarded-For is believed; limits count by address',
    initial: 'none',
    parse: (given) => {
      const value = (given ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]))
      return value.every(isNetwork) ? { value } : { wrong: 'IP addresses or networks such as 10.0.0.0/8 are wanted' }
    },
  } satisfies InstallationSetting<readonly string[]>,
  securityContact: {
    name: 'SECURITY_CONTACT',
    about: 'Where to tell of a weakness (mailto: or https:), for /.well-known/security.txt',
    initial: 'none',
    parse: (given) =>
      given === undefined || /^(mailto:|https:\/\/)\S+$/.test(given)
        ? { value: given }
        : { wrong: 'mailto:… or https://… is wanted' },
  } satisfies InstallationSetting<string | undefined>,
  log: {
    name: 'LOG',
    about: 'on: a line of JSON for each request on standard output; off: none',
    initial: 'on, off when standard output is a terminal',
    parse: (given) =>
      given === undefined || given === 'on' || given === 'off' ? { value: given } : { wrong: 'on or off is wanted' },
  } satisfies InstallationSetting<'on' | 'off' | undefined>,
} as const

type Table = typeof settingTable
type Value<S> = S extends { parse: (text: string | undefined) => infer R }
  ? Extract<R, { value: unknown }>['value']
  : never

export type Settings = { readonly [Key in keyof Table]: Value<Table[Key]> }

function text(name: string, initial: string, about: string): InstallationSetting<string> {
  return { name, about, initial, parse: (given) => ({ value: given ?? initial }) }
}

function optional(
  setting: Omit<InstallationSetting<unknown>, 'parse'>,
  { pattern, wrong }: { readonly pattern: RegExp; readonly wrong: string },
): InstallationSetting<string | undefined> {
  return { ...setting, parse: (given) => (given === undefined || pattern.test(given) ? { value: given } : { wrong }) }
}

function file(name: string, about: string): InstallationSetting<string | undefined> {
  const parse: InstallationSetting<string | undefined>['parse'] = (given) =>
    given === '' ? { wrong: 'the path of a file is wanted' } : { value: given }
  return { name, about, initial: 'none', parse }
}

function number(
  name: string,
  initial: number,
  about: string,
  least: number,
  most: number,
): InstallationSetting<number> {
  return {
    name,
    about,
    initial: String(initial),
    parse(given) {
      const value = given === undefined ? initial : Number(given)
      const isGood = given !== '' && Number.isInteger(value) && value >= least && value <= most
      return isGood ? { value } : { wrong: `a whole number from ${least} to ${most} is wanted` }
    },
  }
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const most = isIP(address) === 4 ? 32 : 128
  return (
    isIP(address) !== 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
  )
}
