import { Problem } from '#lib'

/** INT-5, and what US Core requires: a search of Patient that holds one of these is never refused. */
const strongEnough: readonly (readonly string[])[] = [
  ['_id'],
  ['identifier'],
  ['name'],
  ['family', 'birthdate'],
  ['gender', 'birthdate', 'phone'],
  ['gender', 'birthdate', 'email'],
  ['gender', 'birthdate', 'telecom'],
]

/** For practices that refuse to have their patients listed by little more than gender or birth date. */
export function refuseWeakSearch(given: readonly (readonly [name: string, value: string])[]) {
  const names = new Set(given.map(([name]) => name.split(':')[0]))
  if (strongEnough.some((wanted) => wanted.every((name) => names.has(name)))) return
  const offered = strongEnough.map((wanted) => wanted.join(' + ')).join('; ')
  throw new Problem('incorrect', `Cannot search Patient by so little: this practice wants at least one of ${offered}`, {
    issue: 'too-costly',
  })
}
