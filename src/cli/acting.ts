import { operator } from '#access'
import { reportToLog } from '#http'
import type { Acting } from '#smart'
import type { Installation } from '../app.ts'

/** The operator at work: what they do is a line of the log, on standard error. */
export function acting({ db }: Pick<Installation, 'db'>): Acting {
  return { db, report: reportToLog(process.stderr), user: operator }
}
