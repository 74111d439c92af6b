/**
 * The National Provider Identifier number `serial` (up to eight digits) of an individual (1) or an organization (2).
 * Its last digit makes the Luhn sum right when the whole is prefixed with 80840 (45 CFR 162.406).
 */
export function npi(kind: 1 | 2, serial: number): string {
  const body = `${kind}${String(serial).padStart(8, '0')}`
  return body + luhnDigit(`80840${body}`)
}

function luhnDigit(digits: string): number {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const weighted = i % 2 === 0 ? digit * 2 : digit
    sum += weighted > 9 ? weighted - 9 : weighted
  }
  return (10 - (sum % 10)) % 10
}
