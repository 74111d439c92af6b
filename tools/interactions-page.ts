import { ownershipOf, resourceTypes } from '#fhir'
import { type RestOptions, restRoutes, typeInteractions } from '#rest'

/** The letter of a scope that each interaction takes. https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html */
const letters: Readonly<Record<string, string>> = {
  create: 'c',
  read: 'r',
  vread: 'r',
  'history-instance': 'r',
  update: 'u',
  patch: 'u',
  delete: 'd',
  'search-type': 's',
  'search-system': 's',
  'search-compartment': 's',
  'history-type': 's',
  'history-system': 's',
}

/** Routes are made of functions that take their options when they are called, and none is called here. */
const routes = restRoutes({} as RestOptions)

/** The lines of docs/interactions.md: interactions x types, from the lists that the server works from. */
export function interactionLines(): readonly string[] {
  const codes = typeInteractions('Patient', routes, writing).map(({ code }) => code)
  return [
    'What can be asked of each resource type. `create`, `update`, `patch` and `delete` are offered where the practice takes writes (setting `writes`);',
    'the CapabilityStatement of a practice says what holds there. How writes behave: [writing.md](writing.md); how searches do: [search.md](search.md).',
    '',
    '## Requests',
    '',
    '| interaction | requests below the base | letter of the scope |',
    '| --- | --- | --- |',
    ...requestRows(),
    '',
    '## Types',
    '',
    '"Whose" says how access is decided: `owned` by a patient, `patient` itself, `follows` what it belongs to, `shared`, `open` to every token, `kept` out of',
    "patients' contexts, `audit`.",
    '',
    `| type | whose | ${codes.join(' | ')} |`,
    `| --- | --- |${codes.map(() => ' :-: |').join('')}`,
    ...resourceTypes.map((type) => typeRow(type, codes)),
  ]
}

const writing = {
  validation: 'structural',
  references: 'accept',
  updateCreates: true,
  deleteReferenced: 'allow',
  provenance: false,
} as const

function requestRows(): readonly string[] {
  const offered = Map.groupBy(
    routes.filter(({ interaction }) => !interaction.startsWith('$')),
    ({ interaction }) => interaction,
  )
  return [...offered].map(([interaction, rows]) => {
    const requests = rows.map(({ method, path }) => `\`${method} ${path.replace(/:(\w+)/g, '{$1}')}\``)
    return `| ${interaction} | ${requests.join('<br>')} | ${letters[interaction] ?? ''} |`
  })
}

function typeRow(type: string, codes: readonly string[]): string {
  const offered = new Set(typeInteractions(type, routes, writing).map(({ code }) => code))
  const marks = codes.map((code) => (offered.has(code) ? '✓' : ''))
  return `| ${type} | ${ownershipOf(type)?.class} | ${marks.join(' | ')} |`
}
