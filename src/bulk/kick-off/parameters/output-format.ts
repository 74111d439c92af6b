import type { Reading } from './reading.ts'
import { onlyOf, unfit } from './reading.ts'

const formats = ['application/fhir+ndjson', 'application/ndjson', 'ndjson']

/** A "+" that was not escaped has become a blank on its way; one that was escaped twice is read, too. */
export function checkOutputFormat(reading: Reading) {
  const asked = onlyOf(reading, '_outputFormat')
  const format = asked
    ?.trim()
    .toLowerCase()
    .replace(/^([a-z]+\/[a-z]+)(?: |%2b)/, '$1+')
  if (format === undefined || formats.includes(format)) return
  throw unfit(
    '_outputFormat',
    `"${asked}" is not offered; ${formats.join(', ')} are, which are the same`,
    'not-supported',
  )
}
