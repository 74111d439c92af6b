/**
 * The writes of a transaction. All searches come first, each with the caller's own rights; then each entry is prepared by
 * the function of its single interaction, and one call of the store does all of it or nothing. When what the searches
 * found changed before that, all is decided again.
 */
import type { Answer, Call } from '#http'
import { Problem, type ProblemKind } from '#lib'
import { planEntries } from '#store'
import type { RestOptions } from '../options.ts'
import { again } from '../writing/again.ts'
import { commit, type Written } from '../writing/commit.ts'
import { mostGuarded } from '../writing/new-id.ts'
import { preferenceOf } from '../writing/preference.ts'
import { openWriting, type Writing } from '../writing/writing.ts'
import { type Asked, roundOf } from './asked.ts'
import { atOnce } from './at-once.ts'
import { preferenceWithin } from './entry-call.ts'
import { matchesFor } from './entry-matches.ts'
import { entryProblem, forEntry } from './entry-problem.ts'
import { idsFor } from './new-ids.ts'
import { type PlannedEntry, patchedEntry } from './patched-entry.ts'
import { addressOf, prepareEntry, type Step } from './prepare-entry.ts'

/** The answers to these entries, by their place in the Bundle. */
export async function writeEntries(
  options: RestOptions,
  call: Call,
  asked: readonly Asked[],
): Promise<Map<number, Answer>> {
  const writing = await openWriting(options, call)
  const ordered = [...asked].sort((one, other) => roundOf(one) - roundOf(other))
  const preference = preferenceOf({ prefer: preferenceWithin(call.headers) })
  return again(kindsOfRaces(ordered), async (tries) => {
    const matches = matchesFor(writing)
    const entries = await atOnce(ordered, (one) => plannedEntry(writing, call, one))
    const plans = await planEntries(entries, { resolve: matches.resolve, newId: idsFor(options, call.practice, tries) })
    const steps = plans
      .map((plan) => forEntry(plan.entry.index, () => prepareEntry(writing, plan, matches)))
      .map((step, at) => (entries[at]?.isShown ? step : untold(step)))
    refuseOverlap(steps)
    const written = await commitSteps(writing, steps, tries)
    const preferenceAt = (at: number) => (entries[at]?.isShown ? preference : 'minimal')
    return new Map(steps.map((step, at) => [step.index, step.answer(written, preferenceAt(at))]))
  })
}

function untold(step: Step): Step {
  return step.prepared ? { ...step, prepared: { ...step.prepared, isUntold: true } } : step
}

/** An entry as it is planned: below the base, and a patch as the update that it amounts to. */
async function plannedEntry(writing: Writing, call: Call, asked: Asked): Promise<PlannedEntry> {
  const { entry, path, query, method } = asked
  if (method === 'PATCH') return patchedEntry(writing, call, asked)
  return { ...entry, url: query === '' ? path : `${path}?${query}`, isShown: true }
}

/** What tells that something came between search and write, rather than that the client is wrong. */
function kindsOfRaces(asked: readonly Asked[]): readonly ProblemKind[] {
  const isFound = ({ entry, method, query }: Asked) =>
    method === 'PATCH' || query !== '' || entry.ifNoneExist !== undefined
  if (!asked.some(isFound)) return []
  return asked.some(({ entry }) => entry.ifMatch !== undefined) ? ['conflict'] : ['conflict', 'stale']
}

/** https://hl7.org/fhir/R4/http.html#trules: no resource is written by two entries. */
function refuseOverlap(steps: readonly Step[]) {
  const places = new Map<string, number>()
  for (const { index, prepared } of steps) {
    if (!prepared) continue
    const address = addressOf(prepared)
    const other = places.get(address)
    if (other !== undefined) {
      const problem = new Problem('incorrect', `${address} is written by Bundle.entry[${other}] already: write it once`)
      throw entryProblem(index, problem)
    }
    places.set(address, index)
  }
}

/** What was written, by its address. */
async function commitSteps(
  writing: Writing,
  steps: readonly Step[],
  tries: number,
): Promise<ReadonlyMap<string, Written>> {
  const prepared = steps.flatMap((step) => step.prepared ?? [])
  try {
    const written = await commit(writing, prepared)
    return new Map(written.map((one) => [`${one.type}/${one.id}`, one]))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const failing = steps.find((step) => step.prepared && names(error, addressOf(step.prepared)))
    if (!failing) throw error
    const seen = isUnseenDeletion(error, failing) ? await seenDeletions(writing, steps) : steps
    if (seen.length < steps.length) return commitSteps(writing, seen, tries)
    // what stands at the id that the criteria led to may be what they must not see
    if (error.kind === 'forbidden' && failing.isConditional && tries <= mostGuarded) {
      throw entryProblem(failing.index, new Problem('conflict', error.message, { cause: error }))
    }
    throw entryProblem(failing.index, error)
  }
}

function names({ message }: Problem, address: string): boolean {
  const at = message.indexOf(address)
  return at >= 0 && !/[A-Za-z0-9.-]/.test(message[at + address.length] ?? ' ')
}

function isUnseenDeletion({ kind }: Problem, { prepared }: Step): boolean {
  return kind === 'forbidden' && prepared?.change.operation.kind === 'delete'
}

/** S-2: what they may not see is as if it were not there, so there is nothing to delete. */
async function seenDeletions({ store, see }: Writing, steps: readonly Step[]): Promise<Step[]> {
  const isSeen = await Promise.all(
    steps.map(async ({ prepared }) => {
      if (prepared?.change.operation.kind !== 'delete') return true
      const { type, id } = prepared.change.operation
      return (await store.read(see, type, id)).state === 'current'
    }),
  )
  return steps.filter((_, index) => isSeen[index])
}
