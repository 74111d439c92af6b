import { operator, type Permission, type PracticeRules, type Principal } from '#access'
import { type App, type AppDirectory, type AppPermission, closedBecause, type PracticeRecord } from '#platform'

/** The rules of a practice with what it permits the principal's app; the operator's own client needs no permission. */
export function permittedRules(
  apps: AppDirectory,
  record: PracticeRecord,
  { client }: Principal,
  rules: PracticeRules | Promise<PracticeRules>,
): PracticeRules | Promise<PracticeRules> {
  if (client === operator) return rules
  const app = apps.app(client)
  const given = apps.permission(record.number, client)
  if (app instanceof Promise || given instanceof Promise || rules instanceof Promise) {
    return Promise.all([app, given, rules]).then(([one, its, plain]) =>
      withPermission(record, client, [one, its, plain]),
    )
  }
  return withPermission(record, client, [app, given, rules])
}

type Parts = readonly [app: App | undefined, given: AppPermission | undefined, plain: PracticeRules]

interface Held {
  readonly parts: Parts
  readonly rules: PracticeRules
}

const known = new WeakMap<PracticeRecord, Map<string, Held>>()

/** The same object for the same app, permission and settings, so that `access` knows a decision again. */
function withPermission(record: PracticeRecord, client: string, parts: Parts): PracticeRules {
  const ofPractice = known.get(record) ?? new Map<string, Held>()
  known.set(record, ofPractice)
  const held = ofPractice.get(client)
  if (held && parts.every((part, i) => part === held.parts[i])) return held.rules
  const [app, given, plain] = parts
  const rules = { ...plain, permission: permissionFor(record, app, given) }
  ofPractice.set(client, { parts, rules })
  return rules
}

/** Of an app that is not known, or is switched off anywhere: nothing. */
function permissionFor(record: PracticeRecord, app: App | undefined, given: AppPermission | undefined): Permission {
  const name = record.settings.name ?? record.id
  if (!app || !given || closedBecause(app, given, { ...record, name }) !== undefined) {
    return { isEnabled: false, scopes: '' }
  }
  const { scopes, types, groups } = given
  return { isEnabled: true, scopes, ...(types && { types }), ...(groups && { groups }) }
}
