/**
 * What goes out in bulk: of each app exactly what `model.ts` says that it may read, at every level, and never to anybody
 * else. LEAKS=n tries n more apps, whose scopes and permissions are drawn.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { permitApp } from '#platform'
import { begin, type Exporting, ended, exporting, newApp, respondAsync } from '../bulk/exporting.ts'
import { type Example, knownTypes, Model, nameOf } from './model.ts'
import { markOf, type Resource, recordsOf, restricted, veryRestricted } from './records.ts'

const practice = 'north'
const groups: Readonly<Record<string, readonly string[]>> = {
  g1: ['p1', 'p2', 'p3', 'p4'],
  g2: ['p1'],
  g3: ['p2', 'p3'],
  none: [],
}
const groupOf = ([id, members]: readonly [string, readonly string[]]): Resource => ({
  ...{ resourceType: 'Group', id, type: 'person', actual: true, meta: { source: markOf(practice) } },
  member: members.map((member) => ({ entity: { reference: `Patient/${member}` } })),
})
const stored: readonly Resource[] = [
  ...recordsOf(practice).filter((resource) => nameOf(resource) !== 'Group/g1'),
  ...Object.entries(groups).map(groupOf),
]

let exports: Exporting

before(async () => {
  const settings = { sensitive: `${restricted}=exports; ${veryRestricted}=system-apps` }
  exports = await exporting({ ...settings, exportsRunning: '100', practiceExportsRunning: '100' }, {}, stored)
  const south = await exports.app.addPractice('south')
  await exports.app.load(south, recordsOf('south'))
  await exports.work()
})
after(() => exports[Symbol.asyncDispose]())

type Asking = Omit<Example, 'practice' | 'name'>

const laboratory = 'category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory'
const all = { isEnabled: true, scopes: 'system/*.rs' }

const apps: readonly Asking[] = [
  { scope: 'system/*.rs' },
  { scope: 'system/*.read' },
  { scope: 'system/*.r', permission: all },
  { scope: 'system/Patient.r system/Observation.r' },
  { scope: `system/Observation.rs?${laboratory} system/Patient.rs system/Provenance.rs` },
  { scope: 'system/DocumentReference.rs system/Binary.rs system/Provenance.rs system/Device.rs' },
  { scope: 'system/ValueSet.rs system/Practitioner.rs system/AuditEvent.rs system/MessageHeader.rs' },
  { scope: 'system/Group.rs system/List.rs system/Basic.rs' },
  { scope: 'system/*.rs', permission: { ...all, types: ['Observation', 'Patient', 'Binary'] } },
  { scope: 'system/*.rs', permission: { ...all, scopes: 'system/Patient.rs system/Condition.rs system/Encounter.s' } },
  { scope: 'system/Observation.rs system/Provenance.rs', permission: { ...all, scopes: 'system/*.read' } },
  { scope: 'system/*.rs', permission: { ...all, groups: ['g2'] } },
  { scope: 'system/*.rs', permission: { ...all, groups: ['g2', 'g3'], types: ['Patient', 'Observation', 'Group'] } },
  { scope: 'system/*.rs', permission: { ...all, groups: [] } },
  ...drawn(Number(process.env.LEAKS ?? 0)),
]

function drawn(count: number): Asking[] {
  let state = 7
  const below = (n: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * n)
  }
  const types = () => knownTypes.filter(() => below(3) === 0)
  const scopes = () =>
    below(4) === 0
      ? 'system/*.rs'
      : types()
          .map((type) => `system/${type}.${['r', 'rs', 'read', 's', 'cud'][below(5)]}`)
          .concat(below(3) === 0 ? `system/Observation.rs?${laboratory}` : [])
          .join(' ')
  return Array.from({ length: count }, () => ({
    scope: scopes(),
    ...(below(3) > 0 && {
      permission: {
        ...{ isEnabled: below(10) > 0, scopes: scopes() },
        ...(below(3) === 0 && { types: types() }),
        ...(below(3) === 0 && { groups: ['g1', 'g2', 'g3'].filter(() => below(2) === 0) }),
      },
    }),
  }))
}

const levels = ['$export', 'Patient/$export', ...Object.keys(groups).map((id) => `Group/${id}/$export`)]

for (const [at, app] of apps.entries()) {
  const { scope, permission } = app
  test(`app ${at} exports exactly what is its: ${scope.slice(0, 80)} ${permission ? JSON.stringify(permission).slice(0, 120) : ''}`, async () => {
    const token = await tokenOf(app)
    const found = await Promise.all(levels.map((level) => exported(level, token)))
    for (const [i, level] of levels.entries()) check(app, level, found[i])
  })
}

async function tokenOf({ scope, permission }: Asking): Promise<string> {
  const { app, practice: record } = exports
  if (!permission) return app.token(record, { scope })
  const client = await newApp(exports)
  const { scopes, types, groups: permitted, isEnabled } = permission
  await permitApp(app.installation.db, record.number, client, {
    scopes: isEnabled ? scopes : '',
    types,
    groups: permitted,
  })
  return app.token(record, { scope, client })
}

/** `Type/id` of all lines; undefined: it was refused. */
async function exported(level: string, token: string): Promise<readonly string[] | undefined> {
  const answer = await exports.send('GET', `/${practice}/fhir/r4/${level}`, token, respondAsync)
  if (answer.status === 403) return undefined
  assert.equal(answer.status, 202, answer.text)
  const done = await ended(exports, String(answer.headers['content-location']), token)
  assert.equal(done.status, 200, done.text)
  const lines: string[] = []
  for (const { type, url } of done.json.output) {
    const file = await exports.send('GET', url, token)
    assert.equal(file.status, 200, file.text)
    for (const line of file.text.trimEnd().split('\n')) {
      const resource = JSON.parse(line)
      assert.equal(resource.resourceType, type)
      assert.equal(resource.meta.source, markOf(practice), 'of this practice')
      lines.push(nameOf(resource))
    }
  }
  return lines.sort()
}

function check(app: Asking, level: string, found: readonly string[] | undefined) {
  const { groups: permitted, ...more } = app.permission ?? {}
  // the cohort stands for the groups that are permitted
  const permission = app.permission && { ...app.permission, ...more, groups: undefined }
  const who = { ...app, ...(permission && { permission: without(permission), client: 'app' }) }
  const model = new Model({ name: '', practice, isExport: true, ...who } as Example, stored)
  const theirs = stored.filter((resource) => model.exports(resource))
  const group = /^Group\/(\w+)/.exec(level)?.[1]
  const isClosed = permitted !== undefined && !permitted.includes(group ?? '')
  const told = `${level} of ${JSON.stringify(app)}`
  if (found === undefined) {
    const isNothing = theirs.length === 0 || !knownTypes.some((type) => model.allows('read', type))
    assert.ok(isClosed || isNothing || !namesAny(app, level), `${told}: refused`)
    return
  }
  assert.ok(!isClosed, `${told}: not refused`)
  assert.equal(new Set(found).size, found.length, `${told}: twice`)
  if (level === '$export') {
    assert.deepEqual(found, theirs.map(nameOf).toSorted(), told)
    return
  }
  // to who reads any Patient, a member who may not be seen is as if not stored
  const isSeen = (id: string) =>
    !model.allows('read', 'Patient') || theirs.some((resource) => nameOf(resource) === `Patient/${id}`)
  const cohort = group === undefined ? undefined : groups[group]?.filter(isSeen)
  const isOfCohort = (resource: Resource) => {
    const owner = model.ownerOf(resource)
    return owner !== undefined && (cohort?.includes(owner) ?? true)
  }
  const must = theirs.filter(isOfCohort).map(nameOf)
  const may = theirs.filter((each) => isOfCohort(each) || mayFollow(each, isOfCohort, group) || model.isShared(each))
  assert.deepEqual(
    must.filter((name) => !found.includes(name)),
    [],
    `${told}: missing`,
  )
  const names = new Set(
    may.filter((each) => each.resourceType !== 'Device' || !ownedByOther(model, each, cohort)).map(nameOf),
  )
  assert.deepEqual(
    found.filter((name) => !names.has(name)),
    [],
    `${told}: leaked`,
  )
}

/** Without members that are undefined. */
function without<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T
}

/** A kick-off without anything that the level holds is refused. */
function namesAny({ scope }: Asking, level: string): boolean {
  return level === '$export' ? /system\/\S+\.(r|cr?u?d?s?r)/.test(scope) : /system\/\*/.test(scope)
}

function ownedByOther(model: Model, resource: Resource, cohort: readonly string[] | undefined): boolean {
  const owner = model.ownerOf(resource)
  return owner !== undefined && cohort !== undefined && !cohort.includes(owner)
}

/** A Provenance of, or a Binary in, what is in the cohort; and the Group itself. */
function mayFollow(
  resource: Resource,
  isOfCohort: (resource: Resource) => boolean,
  group: string | undefined,
): boolean {
  const { resourceType: type, id } = resource
  if (type === 'Group') return id === group
  const ofCohort = stored.filter(isOfCohort)
  const text = JSON.stringify(resource)
  if (type === 'Provenance') return ofCohort.some((each) => text.includes(`"${nameOf(each)}"`))
  if (type !== 'Binary') return false
  return ofCohort.some((each) => JSON.stringify(each).includes(`Binary/${id}"`) || text.includes(`"${nameOf(each)}"`))
}

describe('members of other groups', () => {
  test('are not come by through `patient`, nested groups or a filter', async () => {
    const client = await newApp(exports)
    const { app, practice: record } = exports
    await permitApp(app.installation.db, record.number, client, {
      scopes: 'system/*.rs',
      types: undefined,
      groups: ['g2'],
    })
    const token = await app.token(record, { scope: 'system/*.rs', client })
    const parameters = {
      resourceType: 'Parameters',
      parameter: ['p1', 'p2', 'p3'].map((id) => ({ name: 'patient', valueReference: { reference: `Patient/${id}` } })),
    }
    const base = `/${practice}/fhir/r4`
    const posted = await exports.send('POST', `${base}/Group/g2/$export`, token, respondAsync, parameters)
    const statuses = [
      String(posted.headers['content-location']),
      await begin(exports, 'Group/g2/$export?_typeFilter=Observation%3Fsubject%3DPatient/p3', token),
      await begin(exports, 'Group/g2/$export?organizeOutputBy=Patient', token),
    ]
    for (const status of statuses) {
      const { json } = await ended(exports, status, token)
      for (const { url } of json.output) {
        const { text } = await exports.send('GET', url, token)
        for (const line of text.trimEnd().split('\n')) {
          const subject = /"(?:subject|patient|for|beneficiary)":\{"reference":"[^"]*?Patient\/(p\d)/.exec(line)?.[1]
          assert.ok(subject === undefined || subject === 'p1', line.slice(0, 300))
        }
      }
    }
    for (const path of ['Group/g1/$export', 'Group/g3/$export', 'Patient/$export', '$export']) {
      assert.equal((await exports.send('GET', `${base}/${path}`, token, respondAsync)).status, 403, path)
      const all = await exports.send('POST', `${base}/${path}`, token, respondAsync, parameters)
      assert.ok([400, 403].includes(all.status), `${path}: ${all.status}`)
    }
  })
})
