import { attachmentExtension, isRelativeUrl, placesOf } from './places.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * Whether a resource has an attachment with a relative URL. `text` is the resource's: it is looked into first, so that
 * extensions are walked through only where there is one that is an attachment.
 */
export function hasRelativeAttachment(text: string, resource: object): boolean {
  return isAnyRelative(resource as Fields, typeOf(resource as Fields), text.includes(attachmentExtension))
}

function isAnyRelative(fields: Fields, type: string, isDeep: boolean): boolean {
  if (type === 'Attachment') return isRelativeUrl(fields.url)
  const places = placesOf(type)
  for (const [name, valueType] of places) {
    if (fields[name] !== undefined && isIn(fields[name], valueType, isDeep)) return true
  }
  if (!isDeep) return false
  return Object.entries(fields).some(([name, value]) => {
    return !places.has(name) && isIn(value, name === attachmentExtension ? 'Attachment' : '', true)
  })
}

function isIn(value: unknown, type: string, isDeep: boolean): boolean {
  if (Array.isArray(value)) return value.some((item) => isIn(item, type, isDeep))
  if (typeof value !== 'object' || value === null) return false
  return isAnyRelative(value as Fields, type === 'Resource' ? typeOf(value as Fields) : type, isDeep)
}

function typeOf({ resourceType }: Fields): string {
  return typeof resourceType === 'string' ? resourceType : ''
}
