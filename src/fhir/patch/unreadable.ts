import { Problem } from '#lib'

export function unreadable(reason: string): Problem {
  return new Problem('incorrect', `Cannot read the patch: ${reason}`, { issue: 'structure' })
}
