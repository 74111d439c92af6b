/** The fields of every answer, names and values in turn. */
export function alwaysFields(isHttps: boolean): readonly string[] {
  const all = ['x-content-type-options', 'nosniff']
  // https://www.rfc-editor.org/rfc/rfc6797#section-7.2: not where http is what clients are told to use
  return isHttps ? [...all, 'strict-transport-security', 'max-age=31536000'] : all
}
