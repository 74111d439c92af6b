import type { Parameters } from '#http'

/**
 * X11: a number is searched by its digits, and the country prefix may be left out. Stored numbers are tokens to the letter,
 * so the search asks for each form in which a North American number is usually written.
 */
export function phoneForms(value: string): string {
  return value
    .split(',')
    .flatMap((number) => formsOf(number))
    .join(',')
}

export function withPhoneForms([name, value]: Parameters[number]): Parameters[number] {
  return name === 'phone' ? [name, phoneForms(value)] : [name, value]
}

function formsOf(number: string): readonly string[] {
  if (number.includes('|')) return [number]
  const digits = number.replace(/\D/g, '')
  const national = digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits
  if (national.length !== 10) return [...new Set([number, digits])]
  const [area, exchange, line] = [national.slice(0, 3), national.slice(3, 6), national.slice(6)]
  const forms = [
    national,
    `${area}-${exchange}-${line}`,
    `(${area}) ${exchange}-${line}`,
    `(${area})${exchange}-${line}`,
    `${area}.${exchange}.${line}`,
    `${area} ${exchange} ${line}`,
    `${area} ${exchange}-${line}`,
  ]
  const prefixed = ['+1', '+1 ', '1', '1-', '1 ', '+1-', '1.'].flatMap((prefix) => forms.map((form) => prefix + form))
  return [...new Set([number, ...forms, ...prefixed])]
}
