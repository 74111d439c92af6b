import { Problem } from '#lib'
import { type Entry, type EntryPlan, planEntries, type ResolveMany } from '#store'
import { derivedId, ownId } from './entry-ids.ts'
import type { Fault } from './faults-file.ts'
import type { Parsed } from './parsed.ts'
import type { Place } from './reading/texts.ts'
import { keyOf, type Unit } from './writing/unit.ts'

export type ParsedBundle = Extract<Parsed, { is: 'bundle' }>

/** What is to be done with a Bundle: what can be written, what must wait for the rest of the input, what is refused. */
export interface BundleLoad {
  readonly units: readonly Unit[]
  readonly faults: readonly Fault[]
  /** The types of all entries that are not loaded; one fault of a transaction refuses them all. */
  readonly failed: readonly string[]
  /** Entries without a place of their own to write: what they would create is there already. */
  readonly untouched: readonly string[]
  readonly waiting: readonly { readonly place: Place; readonly text: string }[]
}

export interface BundleLoading {
  readonly place: Place
  readonly resolve: ResolveMany
  readonly validate: (resource: object) => readonly string[]
  /** No more input comes: what waits is refused. */
  readonly isLastCall: boolean
}

export async function loadBundle(bundle: ParsedBundle, loading: BundleLoading): Promise<BundleLoad> {
  const entries = bundle.entries.filter((entry) => !isOutcome(entry))
  const plans = await planEntries(entries, {
    resolve: loading.resolve,
    keptId: ownId,
    newId: derivedId,
    isRepeatable: true,
  })
  const checked = plans.map((plan) => checkedPlan(plan, loading))
  if (bundle.shape.isNewestFirst) checked.reverse()
  return bundle.shape.isAtomic ? together(bundle, checked, loading) : eachByItself(checked, loading)
}

/** A search result may hold an OperationOutcome about the search. */
function isOutcome(entry: Entry): boolean {
  return entry.url === '' && entry.resource?.type === 'OperationOutcome'
}

function checkedPlan(plan: EntryPlan, loading: BundleLoading): EntryPlan {
  const { entry } = plan
  if (plan.state !== 'write' && plan.state !== 'waits') return plan
  const sentences = plan.operation.kind === 'put' ? loading.validate(plan.operation.resource) : []
  if (sentences.length > 0) return { entry, state: 'fails', problem: new Problem('incorrect', sentences.join('; ')) }
  if (plan.state === 'write' || !loading.isLastCall) return plan
  const [query] = plan.queries
  return { entry, state: 'fails', problem: new Problem('incorrect', `Cannot resolve "${query}": nothing matches it`) }
}

function together(bundle: ParsedBundle, plans: readonly EntryPlan[], loading: BundleLoading): BundleLoad {
  const faulty = plans.filter((plan) => plan.state === 'fails')
  if (faulty.length > 0) return refusedBundle(plans, loading)
  if (plans.some((plan) => plan.state === 'waits')) {
    return { ...nothing, waiting: [{ place: loading.place, text: bundle.text }] }
  }
  // The last of several versions, as in the rest of the input.
  const writes = new Map(
    plans.flatMap((plan) => (plan.state === 'write' ? [[keyOf(plan.operation), plan] as const] : [])),
  )
  const unit = {
    operations: [...writes.values()].map((plan) => plan.operation),
    places: [...writes.values()].map((plan) => placeOf(plan.entry, loading.place)),
  }
  return { ...nothing, units: writes.size > 0 ? [unit] : [], untouched: untouchedTypes(plans) }
}

/** A fault for each different reason, at the first entry that has it. */
function refusedBundle(plans: readonly EntryPlan[], { place }: BundleLoading): BundleLoad {
  const faults = new Map<string, Fault>()
  for (const plan of plans) {
    if (plan.state !== 'fails' || faults.has(plan.problem.message)) continue
    const reason = `${plan.problem.message}; none of the Bundle's ${plans.length} entries is loaded`
    faults.set(plan.problem.message, { place: placeOf(plan.entry, place), reason })
  }
  return { ...nothing, faults: [...faults.values()], failed: plans.map((plan) => typeOf(plan.entry)) }
}

function eachByItself(plans: readonly EntryPlan[], { place }: BundleLoading): BundleLoad {
  const units: Unit[] = []
  const faults: Fault[] = []
  const failed: string[] = []
  const waiting: { place: Place; text: string }[] = []
  for (const plan of plans) {
    const at = placeOf(plan.entry, place)
    if (plan.state === 'write') units.push({ operations: [plan.operation], places: [at] })
    if (plan.state === 'fails') {
      faults.push({ place: at, reason: plan.problem.message })
      failed.push(typeOf(plan.entry))
    }
    if (plan.state === 'waits' && plan.operation.kind === 'put')
      waiting.push({ place: at, text: asBundle(plan.operation) })
  }
  return { units, faults, failed, waiting, untouched: untouchedTypes(plans) }
}

/** An entry that waits alone: a Bundle of one, its links to the others resolved. */
function asBundle({ type, id, text }: { type: string; id: string; text: string }): string {
  const request = `{"method":"PUT","url":"${type}/${id}"}`
  return `{"resourceType":"Bundle","type":"batch","entry":[{"resource":${text},"request":${request}}]}`
}

function placeOf(entry: Entry, place: Place): Place {
  return place.entry === undefined ? { ...place, entry: entry.index } : place
}

function typeOf(entry: Entry): string {
  return entry.resource?.type || entry.url.replace(/[/?].*/s, '')
}

function untouchedTypes(plans: readonly EntryPlan[]): string[] {
  return plans.flatMap((plan) => (plan.state === 'nothing' ? [plan.type] : []))
}

const nothing: BundleLoad = { units: [], faults: [], failed: [], untouched: [], waiting: [] }
