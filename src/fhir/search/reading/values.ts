import { dateRange } from '../../model/dates.ts'
import type { CompositePart, SearchType, Value } from '../query.ts'
import { splitAt, unescaped } from './escapes.ts'
import { readNear } from './near.ts'
import { readNumber, readQuantity, splitPrefix } from './numbers.ts'
import { type Place, type Reading, refuse } from './place.ts'
import { readReference } from './references.ts'
import { readToken } from './tokens.ts'

type Reader = (text: string, place: Place, reading: Reading) => Value

const readers = {
  string: (text) => ({ kind: 'string', text: unescaped(text) }),
  token: readToken,
  reference: readReference,
  date: readDate,
  number: readNumber,
  quantity: readQuantity,
  uri: (text) => ({ kind: 'url', url: unescaped(text) }),
  composite: readComposite,
  special: readNear,
} satisfies Record<SearchType, Reader>

/** The alternatives of a parameter's value, read by its type. */
export function readValues(text: string, place: Place, reading: Reading): Value[] {
  if (place.modifier === 'missing') return [readMissing(text, place)]
  return splitAt(',', text).map((each) => {
    if (each === '') refuse(place, text === '' ? 'it has no value' : `"${text}" has an empty alternative`)
    return readers[place.type](each, place, reading)
  })
}

function readMissing(text: string, place: Place): Value {
  if (text !== 'true' && text !== 'false') refuse(place, `"${text}" is neither true nor false`)
  return { kind: 'missing', missing: text === 'true' }
}

/** https://hl7.org/fhir/R4/search.html#date */
function readDate(text: string, place: Place, reading: Reading): Value {
  const [prefix, date] = splitPrefix(unescaped(text))
  const range = dateRange(date, reading.zone)
  if (!range) refuse(place, `"${date}" is not a date: write 2024, 2024-05, 2024-05-31 or 2024-05-31T10:30:00Z`)
  return { kind: 'date', prefix, ...range }
}

/** https://hl7.org/fhir/R4/search.html#combining */
function readComposite(text: string, place: Place, reading: Reading): Value {
  const parts = splitAt('$', text)
  if (parts.length !== place.components.length || parts.includes('')) {
    refuse(place, `"${text}" does not have ${place.components.length} values with $ between them`)
  }
  return {
    kind: 'composite',
    parts: place.components.map((part, at) => readPart(parts[at] ?? '', part, place, reading)),
  }
}

function readPart(text: string, part: CompositePart, { modifier: _, ...place }: Place, reading: Reading): Value {
  const { type, parameter } = part
  const targets = parameter?.targets ?? []
  const codes = parameter?.codes
  return readers[type](text, { ...place, type, targets, components: [], ...(codes && { codes }) }, reading)
}
