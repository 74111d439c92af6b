/**
 * Writes the pages of docs/ that are made from tables in the code; `--check` only says which are out of date.
 * `npm run docs` writes them, `npm run check` checks them.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type InstallationSetting, settingTable } from '#config'
import { dialects } from '#dialects'
import { modifiersOf, resourceTypes, searchParametersOf } from '#fhir'
import { practiceSettings, type Setting, settingText } from '#platform'
import { mainDates } from '#store'
import { program } from '../src/cli/main.ts'
import { interactionLines } from './interactions-page.ts'
import { operationLines } from './operations-page.ts'

const pages: Readonly<Record<string, () => string>> = {
  'docs/configuration.md': configuration,
  'docs/practice-settings.md': practicePage,
  'docs/search-parameters.md': searchParameters,
  'docs/commands.md': commandsPage,
  'docs/interactions.md': () => page('Interactions', interactionLines()),
  'docs/operations.md': () => page('Operations', operationLines()),
}

const note = '<!-- Written by tools/write-docs.ts: change the table in the code, then run npm run docs -->'

function configuration(): string {
  const rows = Object.values(settingTable as Record<string, InstallationSetting<unknown>>).map(
    ({ name, about, initial, isSecret }) =>
      `| \`${name}\` | ${initial} | ${about}${isSecret ? ' (secret: never shown)' : ''} |`,
  )
  return page('Configuration', [
    'Settings of the installation, by environment variables. `npx charthouse check-settings` prints them with their values; what is wrong is reported together at the start.',
    '',
    '| variable | initially | meaning |',
    '| --- | --- | --- |',
    ...rows,
    '',
    ...aboutSecrets,
  ])
}

const aboutSecrets = [
  '## TLS',
  '',
  'With `TLS_CERT` and `TLS_KEY` the server speaks TLS 1.2 and 1.3 and nothing else; health checks of an orchestrator then use https, too. Certificates are renewed by replacing the files: within a few seconds new connections have the new pair, and the log says so (`"event":"certificate"`). A pair that cannot be used leaves the one before, and the log says why. Where TLS ends at a proxy instead, set `BASE_URL` to its https address, and `TRUSTED_PROXIES`.',
  '',
  '## Keys that seal',
  '',
  'Private signing keys are sealed in the database. Make a key with `echo "$(date +%Y%m):$(openssl rand -base64 32)"`, set it as `SECRET_KEYS` for every process of the installation at once, and keep it apart from backups of the database. The embedded database needs no setting: its key is in `DATA_DIR/secret-keys`, which belongs into a backup of its own.',
  '',
  'To change the key: add the new one at the end everywhere, then put it in front everywhere, then drop the old one after the next start. [Decision 15](decisions/0015-tls-and-sealed-keys.md) says what to do when a key is lost.',
]

function practicePage(): string {
  const rows = Object.entries(practiceSettings as Record<string, Setting<unknown>>).map(
    ([key, { about, allowed, initial }]) => `| \`${key}\` | ${allowed} | ${initialText(initial)} | ${about} |`,
  )
  return page('Settings of a practice', [
    '`npx charthouse practice settings ID` shows them, `… settings ID KEY=VALUE` changes one, `KEY=` takes it back. A change holds everywhere within five seconds.',
    '',
    '| key | takes | initially | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
  ])
}

function initialText(initial: unknown): string {
  if (typeof initial !== 'function') return settingText(initial) || 'none'
  const values = Object.entries(dialects).map(([name, dialect]) => [name, settingText(initial(dialect))] as const)
  const standard = values.find(([name]) => name === 'standard')?.[1] ?? ''
  const others = values.filter(([, value]) => value !== standard).map(([name, value]) => `${value} (${name})`)
  return [standard, ...others].join(', ')
}

function searchParameters(): string {
  const sections = resourceTypes.flatMap((type) => {
    const parameters = [...searchParametersOf(type).values()].sort((one, other) => (one.code < other.code ? -1 : 1))
    const own = parameters.filter(({ code }) => !code.startsWith('_'))
    if (own.length === 0) return []
    const order =
      mainDates[type] === undefined ? '' : `\nNewest first by \`${mainDates[type]}\` unless \`_sort\` says otherwise.\n`
    return [
      `## ${type}\n${order}`,
      '| parameter | type | looks at |',
      '| --- | --- | --- |',
      ...own.map(parameterRow),
      '',
    ]
  })
  return page('Search parameters', [
    'All that FHIR R4 and US Core 3.1.1 to 8.0.0 define. `_id`, `_lastUpdated`, `_profile`, `_tag`, `_security` and `_source` work for every type.',
    'Modifiers by type of parameter:',
    '',
    ...(['string', 'token', 'reference', 'date', 'number', 'quantity', 'uri', 'composite'] as const).map(
      (type) => `- ${type}: ${[...modifiersOf[type]].map((modifier) => `\`:${modifier}\``).join(' ')}`,
    ),
    '',
    ...sections,
  ])
}

function parameterRow({
  code,
  type,
  sources,
  components,
}: ReturnType<typeof searchParametersOf> extends ReadonlyMap<string, infer P> ? P : never) {
  const paths = sources.map(({ source, onlyTarget }) => source.path + (onlyTarget ? ` → ${onlyTarget}` : ''))
  const parts = components.map(({ source }) => source.path)
  return `| \`${code}\` | ${type} | ${parts.length > 0 ? parts.map((part) => `\`${part}\``).join(' with ') : paths.map((path) => `\`${path.replaceAll('|', '\\|')}\``).join(', ')} |`
}

function commandsPage(): string {
  const root = program()
  const texts = root.commands
    .flatMap((command) => [command, ...command.commands])
    .map((command) => {
      const name = command.parent === root ? command.name() : `${command.parent?.name()} ${command.name()}`
      return [`## charthouse ${name}`, '', '```text', command.helpInformation().trim(), '```', '']
    })
  return page('Commands', [
    'Run them as `npx charthouse COMMAND`. They share the settings of the server and work with or without a running one.',
    '',
    ...texts.flat(),
  ])
}

function page(title: string, lines: readonly string[]): string {
  return `${[`# ${title}`, '', note, '', ...lines].join('\n').trim()}\n`
}

const isCheck = process.argv.includes('--check')
for (const [file, write] of Object.entries(pages)) {
  const text = write()
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
  if (isCheck) {
    console.error(`${file} is out of date: run npm run docs`)
    process.exitCode = 1
  } else {
    writeFileSync(file, text)
    console.log(`wrote ${file}`)
  }
}
