/** Paths that no search parameter looks at, kept for access to Binary: who names it, and its security context. */
export const attachmentSource = 1
export const securityContextSource = 2

interface Attachment {
  readonly url?: string
}

/** Types whose attachments let a Binary be read by whoever may read them. */
export const attachmentTypes = ['DocumentReference', 'DiagnosticReport', 'Media'] as const

/** URLs of a resource's attachments. */
export function attachmentsOf(type: string, resource: object): string[] {
  return attachments(type, resource).flatMap(({ url }) => (typeof url === 'string' ? [url] : []))
}

function attachments(type: string, resource: object): readonly Attachment[] {
  if (type === 'DocumentReference') {
    const { content = [] } = resource as { content?: readonly { attachment?: Attachment }[] }
    return content.map(({ attachment }) => attachment ?? {})
  }
  if (type === 'DiagnosticReport') return (resource as { presentedForm?: readonly Attachment[] }).presentedForm ?? []
  if (type === 'Media') return [(resource as { content?: Attachment }).content ?? {}]
  return []
}
