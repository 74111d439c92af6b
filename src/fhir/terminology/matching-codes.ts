import type { Code } from './expand.ts'

/** Codes with all words of a text somewhere in their display or code, whatever the case. https://hl7.org/fhir/R4/valueset-operation-expand.html */
export function matchingCodes(codes: readonly Code[], filter: string): readonly Code[] {
  const wanted = plain(filter).split(/\s+/)
  return codes.filter(({ code, display = '' }) => {
    const text = plain(`${display} ${code}`)
    return wanted.every((word) => text.includes(word))
  })
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .trim()
}
