import { operator, type Permission, type PracticeRules, type Principal } from '#access'
import { type App, type AppDirectory, type AppPermission, type PracticeRecord, permittedTo, type Side } from '#platform'

/** The rules of a practice with what it permits the principal's app; the operator's own client needs no permission. */
export function permittedRules(
  apps: AppDirectory,
  record: PracticeRecord,
  { client, role }: Principal,
  rules: PracticeRules | Promise<PracticeRules>,
): PracticeRules | Promise<PracticeRules> {
  if (client === operator) return rules
  const side = role === 'patient' || role === 'guardian' ? 'patients' : 'practice'
  const app = apps.app(client)
  const given = apps.permission(record.number, client)
  if (app instanceof Promise || given instanceof Promise || rules instanceof Promise) {
    return Promise.all([app, given, rules]).then(([one, its, plain]) => withPermission(record, side, [one, its, plain]))
  }
  return withPermission(record, side, [app, given, rules])
}

type Parts = readonly [app: App | undefined, given: AppPermission | undefined, plain: PracticeRules]

interface Held {
  readonly parts: Parts
  readonly rules: PracticeRules
}

const known = new WeakMap<PracticeRecord, Map<string, Held>>()

/** The same object for the same app, permission and settings, so that `access` knows a decision again. */
function withPermission(record: PracticeRecord, side: Side, parts: Parts): PracticeRules {
  const [app, given, plain] = parts
  const ofPractice = known.get(record) ?? new Map<string, Held>()
  known.set(record, ofPractice)
  const key = `${side} ${app?.client}`
  const held = ofPractice.get(key)
  if (held && parts.every((part, i) => part === held.parts[i])) return held.rules
  const rules = { ...plain, permission: permissionFor(record, side, [app, given]) }
  ofPractice.set(key, { parts, rules })
  return rules
}

/** Of an app that is not known, or is switched off anywhere: nothing. */
function permissionFor(
  record: PracticeRecord,
  side: Side,
  [app, given]: readonly [App | undefined, AppPermission | undefined],
): Permission {
  const name = record.settings.name ?? record.id
  const permission = app && permittedTo(side, { app, given, practice: { ...record, name } }).permission
  if (!permission) return { isEnabled: false, scopes: '' }
  const { scopes, types, groups } = permission
  return { isEnabled: true, scopes, ...(types && { types }), ...(groups && { groups }) }
}
