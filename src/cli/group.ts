import { randomUUID } from 'node:crypto'
import { seeAll } from '#access'
import { dialects } from '#dialects'
import {
  ageCharacteristic,
  conditionCharacteristic,
  genderCharacteristic,
  groupRule,
  isId,
  parseSearch,
  requiredCodes,
} from '#fhir'
import { Problem } from '#lib'
import { type PracticeRecord, practiceNamed } from '#platform'
import type { Cursor, Store } from '#store'
import type { Installation } from '../app.ts'
import { action, again, type CliCommand, withInstallation } from './command.ts'
import { numeral } from './import-progress.ts'
import { listedMembers, type MemberLists } from './listed-members.ts'

interface AddOptions extends MemberLists, Rule {
  readonly practice: string
  readonly name: string
  readonly id?: string
  readonly replace?: boolean
}

interface Rule {
  readonly age?: string
  readonly gender?: string
  readonly condition?: readonly string[]
}

interface AtPractice {
  readonly practice: string
}

export const group: CliCommand = (program) => {
  const groups = program.command('group').description('groups of patients, for exports (docs/groups.md)')
  groups
    .command('add')
    .description('add a group, by a list of its members or by a rule that says who belongs')
    .requiredOption('--practice <id>')
    .requiredOption('--name <text>', 'as people see it')
    .option('--id <id>', 'of the Group; made unless given')
    .option('--replace', 'the group of this id is changed; who stays in it has been in it since before')
    .option('--member <id>', 'of a patient; or Type/id, such as Group/x or Practitioner/y; or system|value', again)
    .option('--file <csv>', 'that lists members, one in a line, named as by --member')
    .option('--column <name>', 'in which the file has them, by its first line; the first of all lines unless given')
    .option('--age <years>', 'from-to: 5-18 means from 5 up to, not including, 18; also 55- and -5')
    .option('--gender <code>', 'male, female, other or unknown')
    .option('--condition <system|code>', 'of a Condition; each one given has to be there', again)
    .action(action((options: AddOptions) => withInstallation((open) => add(open, options))))
  groups
    .command('list')
    .description('list the groups of a practice')
    .requiredOption('--practice <id>')
    .action(action(({ practice }: AtPractice) => withInstallation((open) => list(open, practice))))
  groups
    .command('remove')
    .argument('<id>', 'of the Group')
    .description('remove a group; the patients stay')
    .requiredOption('--practice <id>')
    .action(action((id: string, { practice }: AtPractice) => withInstallation((open) => remove(open, practice, id))))
}

async function add(open: Installation, options: AddOptions) {
  const practice = await practiceNamed(open.db, options.practice)
  const store = open.storeOf(practice)
  const id = options.id ?? randomUUID()
  if (!isId(id)) throw new Problem('incorrect', `"${id}" is no id: letters, digits, - and ., at most 64`)
  refuseBuiltIn(practice, id)
  const resource = { resourceType: 'Group', id, name: options.name, active: true, type: 'person' }
  const content = { ...resource, ...(await membership(store, options)) }
  groupRule(content, practice.settings.timeZone) // a rule that is not understood is not stored
  const { state } = await store.read(seeAll, 'Group', id)
  if (state === 'current' && !options.replace) {
    throw new Problem('conflict', `There is a Group/${id} already: --replace changes it`)
  }
  const [written] = await store.write([
    { kind: 'put', type: 'Group', id, text: JSON.stringify(content), resource: content },
  ])
  process.stdout.write(`${written?.outcome ?? 'created'}: Group/${id}, ${about(content, practice)}\n`)
}

async function membership(store: Store, options: AddOptions): Promise<object> {
  const characteristic = characteristicsOf(options)
  const isListed = options.member !== undefined || options.file !== undefined
  if (isListed === characteristic.length > 0) {
    throw new Problem('incorrect', 'A group has a list (--member, --file) or a rule (--age, --gender, --condition)')
  }
  if (!isListed) return { actual: false, characteristic }
  const references = await listedMembers(store, options)
  const member = references.map((reference) => ({ entity: { reference } }))
  return { actual: true, quantity: member.length, ...(member.length > 0 && { member }) }
}

function characteristicsOf({ age, gender, condition = [] }: Rule): object[] {
  return [
    ...(age === undefined ? [] : [ageCharacteristic(yearsOf(age))]),
    ...(gender === undefined ? [] : [genderCharacteristic(genderOf(gender))]),
    ...condition.map((one) => {
      const [, system, code] = /^([^|]+)\|([^|]+)$/.exec(one) ?? []
      if (system !== undefined && code !== undefined) return conditionCharacteristic(system, code)
      throw new Problem(
        'incorrect',
        `--condition takes system|code, such as http://snomed.info/sct|44054006, not "${one}"`,
      )
    }),
  ]
}

function yearsOf(age: string) {
  const [, low = '', high = ''] = /^(\d{0,3})-(\d{0,3})$/.exec(age) ?? []
  if (low === '' && high === '') throw new Problem('incorrect', `--age takes 5-18, 55- or -5, not "${age}"`)
  return { ...(low !== '' && { low: Number(low) }), ...(high !== '' && { high: Number(high) }) }
}

function genderOf(gender: string): string {
  const codes = Object.values(requiredCodes('administrative-gender')).flat()
  if (codes.includes(gender)) return gender
  throw new Problem('incorrect', `--gender takes ${codes.join(', ')}, not "${gender}"`)
}

async function list({ db, storeOf }: Installation, id: string) {
  const practice = await practiceNamed(db, id)
  let shown = 0
  for await (const content of groupsOf(storeOf(practice))) {
    const { id: own, name = '' } = content as { id: string; name?: string }
    process.stdout.write(`${own}  ${about(content, practice)}  ${name}\n`)
    shown++
  }
  if (shown === 0) process.stdout.write('There is no group yet: charthouse group add makes one\n')
}

async function* groupsOf(store: Store): AsyncGenerator<object> {
  const asked = parseSearch({
    types: ['Group'],
    parameters: [],
    handling: 'strict',
    zone: 'UTC',
    bases: [],
    defaultCount: 100,
    maximumCount: 100,
  })
  let from: Cursor | undefined
  do {
    const { matches, next } = await store.search(seeAll, asked, from)
    for (const { body } of matches) yield JSON.parse(body) as object
    from = matches.length < 100 ? undefined : next
  } while (from)
}

function about(content: object, { settings }: PracticeRecord): string {
  try {
    if (groupRule(content, settings.timeZone)) return 'by a rule'
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return 'by a rule that is not understood'
  }
  const { member } = content as { member?: readonly unknown[] }
  return `${numeral(member?.length ?? 0)} listed`
}

async function remove({ db, storeOf }: Installation, name: string, id: string) {
  const practice = await practiceNamed(db, name)
  refuseBuiltIn(practice, id)
  const [written] = await storeOf(practice).write([{ kind: 'delete', type: 'Group', id }])
  if (written?.outcome !== 'deleted') throw new Problem('not-found', `There is no Group/${id} at ${practice.id}`)
  process.stdout.write(`removed: Group/${id}\n`)
}

function refuseBuiltIn({ settings: { dialect } }: PracticeRecord, id: string) {
  if (!dialects[dialect].builtInGroups.some((one) => one.id === id)) return
  throw new Problem('conflict', `Group/${id} belongs to every practice of the dialect ${dialect} and stays as it is`)
}
