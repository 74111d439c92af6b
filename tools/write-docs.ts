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
  ])
}

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
