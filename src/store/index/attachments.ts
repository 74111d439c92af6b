/** Paths that no search parameter looks at, kept for access to Binary: who names it, and its security context. */
export const attachmentSource = 1
export const securityContextSource = 2

/** Types whose attachments let a Binary be read by whoever may read them. */
export const attachmentTypes = ['DocumentReference', 'DiagnosticReport', 'Media'] as const

/** URLs of a resource's attachments. */
export function attachmentsOf(type: string, resource: object): string[] {
  return attachments(type, resource as Fields).flatMap(({ url }) => (typeof url === 'string' ? [url] : []))
}

type Fields = Readonly<Record<string, unknown>>

function attachments(type: string, resource: Fields): readonly Fields[] {
  if (type === 'DocumentReference') {
    return objectsIn(resource.content).flatMap(({ attachment }) => objectsIn([attachment]))
  }
  if (type === 'DiagnosticReport') return objectsIn(resource.presentedForm)
  return type === 'Media' ? objectsIn([resource.content]) : []
}

/** The objects of a list; what was stored without validation may be anything else. */
export function objectsIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : []
}
