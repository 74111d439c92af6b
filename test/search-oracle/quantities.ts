/** Numbers and quantities of the oracle: a stored value is an interval, a searched one has the width of its digits. */

interface Quantity {
  readonly value?: number
  readonly comparator?: string
  readonly unit?: string
  readonly system?: string
  readonly code?: string
  readonly currency?: string
}

interface Interval {
  readonly low: number
  readonly high: number
}

export function intervalOf(type: string, value: unknown): (Interval & { readonly of: Quantity }) | undefined {
  if (typeof value === 'number') return { low: value, high: value, of: {} }
  if (type === 'Range') {
    const { low, high } = value as { low?: Quantity; high?: Quantity }
    const bounds = { low: low?.value ?? Number.NEGATIVE_INFINITY, high: high?.value ?? Number.POSITIVE_INFINITY }
    return { ...bounds, of: low ?? high ?? {} }
  }
  const of = value as Quantity
  if (typeof of?.value !== 'number') return undefined
  const isBelow = of.comparator?.startsWith('<')
  const isAbove = of.comparator?.startsWith('>')
  return { low: isBelow ? Number.NEGATIVE_INFINITY : of.value, high: isAbove ? Number.POSITIVE_INFINITY : of.value, of }
}

export function meetsNumber(text: string, type: string, value: unknown): boolean {
  const [number = '', system, unit] = text.split('|')
  const [, prefix = 'eq', digits = ''] = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(.+)$/.exec(number) ?? []
  const target = intervalOf(type, value)
  return target !== undefined && meetsUnit(system, unit, target.of) && meetsInterval(prefix, digits, target)
}

function meetsUnit(system: string | undefined, unit: string | undefined, of: Quantity): boolean {
  if (!unit) return true
  const code = of.currency ?? of.code
  if (!system) return code === unit || of.unit === unit
  return (of.currency ? 'urn:iso:std:iso:4217' : of.system) === system && code === unit
}

/** Half of the last digit's place. */
function halfOf(digits: string): number {
  const [mantissa = '', exponent = '0'] = digits.toLowerCase().split('e')
  const fraction = mantissa.split('.')[1]?.length ?? 0
  return 0.5 * 10 ** (Number(exponent) - fraction)
}

function isOpen({ comparator }: Quantity, end: '<' | '>'): boolean {
  return comparator === end
}

function meetsInterval(
  prefix: string,
  digits: string,
  { low, high, of }: Interval & { readonly of: Quantity },
): boolean {
  const asked = Number(digits)
  const half = halfOf(digits)
  // An open end is never reached.
  const reaches = { low: !isOpen(of, '>'), high: !isOpen(of, '<') }
  const isEqual = low >= asked - half - 1e-12 && high < asked + half - 1e-12
  switch (prefix) {
    case 'eq':
      return isEqual
    case 'ne':
      return !isEqual
    case 'gt':
      return high > asked
    case 'ge':
      return high > asked || (high === asked && reaches.high)
    case 'lt':
      return low < asked
    case 'le':
      return low < asked || (low === asked && reaches.low)
    case 'sa':
      return low > asked || (low === asked && !reaches.low)
    case 'eb':
      return high < asked || (high === asked && !reaches.high)
    default: {
      const slack = Math.max(Math.abs(asked) / 10, half)
      return low <= asked + slack && high >= asked - slack
    }
  }
}
