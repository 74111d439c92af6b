import type { Asked } from '#http'

/** The token of `Authorization: Bearer`, unread. https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export function bearerIn({ headers }: Pick<Asked, 'headers'>): string | undefined {
  return /^bearer +([\w.~+/-]+=*) *$/i.exec(headers.authorization ?? '')?.[1]
}
