/** The fixture of S-20 (specs/security.md 1.2): what of the FHIR API answers without a token. Adding to it is a decision. */
const openRoutes = ['GET /metadata', 'HEAD /metadata']

export function isOpenRoute(method: string, path: string): boolean {
  return openRoutes.some((open) => `${method} ${path.slice(path.indexOf('/r4') + 3)}` === open)
}
