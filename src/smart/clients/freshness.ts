/**
 * For how many seconds an answer may be kept (specs/smart.md 4.2, A32): as its Cache-Control says, at most a day; five minutes
 * when it says nothing. https://www.rfc-editor.org/rfc/rfc9111#section-4.2
 */
export function freshSeconds(headers: Readonly<Record<string, string | string[] | undefined>>): number {
  const directives = String(headers['cache-control'] ?? '')
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim())
  if (directives.some((directive) => /^no-(?:store|cache)\b/.test(directive))) return 0
  const ages = directives.flatMap((directive) => {
    const [, value] = /^max-age\s*=\s*"?([^"]*)"?$/.exec(directive) ?? []
    return value === undefined ? [] : [/^\d+$/.test(value) ? Number(value) : 0]
  })
  if (ages.length === 0) return unsaid
  const age = Number(headers.age ?? 0)
  return Math.max(0, Math.min(...ages, day) - (age >= 0 ? age : 0))
}

const unsaid = 300
const day = 24 * 3600
