import { randomBytes } from 'node:crypto'

/**
 * Ids of requests: random for the process, counted within it. They are for looking a request up, not for keeping it secret,
 * and a random one for each request costs as much as its line in the log.
 */
export function requestIds(): () => string {
  const process = randomBytes(9).toString('base64url')
  let count = 0
  return () => `${process}.${(++count).toString(36)}`
}
