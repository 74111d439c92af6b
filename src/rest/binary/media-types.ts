const name = '[A-Za-z0-9!#$&^_.+-]+'
const setting = `; ?${name}=(?:${name}|"[ !#-\\[\\]-~]*")`
const mediaType = new RegExp(`^${name}/${name}(?:${setting})*$`)

/** https://www.rfc-editor.org/rfc/rfc9110#name-media-type, as it can stand in a header and in a FHIR code. */
export function isMediaType(text: string): boolean {
  return text.length <= 200 && mediaType.test(text)
}
