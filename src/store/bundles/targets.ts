import { isId, isResourceType } from '#fhir'
import { Problem } from '#lib'
import type { Entry } from './entries.ts'

/** What an entry asks for, before any search has been made. */
export type Target =
  | { readonly act: 'put' | 'delete'; readonly type: string; readonly id: string }
  /** Create unless the query (`Type?…`) finds one. */
  | { readonly act: 'create'; readonly type: string; readonly query: string | undefined }
  /** Conditional update or delete: the query finds what to change. */
  | { readonly act: 'update-where' | 'delete-where'; readonly type: string; readonly query: string }

/** https://hl7.org/fhir/R4/bundle.html#bundle-unique, https://hl7.org/fhir/R4/http.html#transaction */
export function entryTarget(entry: Entry): Target {
  if (entry.method === 'DELETE') return deleteTarget(entry)
  const type = entry.resource?.type
  if (entry.method !== 'PUT' && entry.method !== 'POST') throw refused(entry, 'only PUT, POST and DELETE are loaded')
  if (type === undefined) throw refused(entry, 'it has no resource')
  if (!isResourceType(type)) throw refused(entry, `${JSON.stringify(type)} is not a resource type`)
  const id = entry.resource?.parsed.id
  if (id !== undefined && !isId(id)) throw refused(entry, `${JSON.stringify(id)} is not an id`)
  if (entry.method === 'PUT') return putTarget(entry, type, id)
  if (entry.url !== '' && address(entry).type !== type) throw refused(entry, `its resource is of type ${type}`)
  return { act: 'create', type, query: entry.ifNoneExist && `${type}?${entry.ifNoneExist.replace(/^.*\?/, '')}` }
}

function putTarget(entry: Entry, type: string, id: string | undefined): Target {
  // A collection or search result asks for nothing: what stands in it is stored as it is.
  if (entry.url === '') return id === undefined ? { act: 'create', type, query: undefined } : { act: 'put', type, id }
  const to = address(entry)
  if (to.type !== type) throw refused(entry, `its resource is of type ${type}`)
  if (to.query !== undefined) return { act: 'update-where', type, query: `${type}?${to.query}` }
  if (to.id === undefined) throw refused(entry, 'its address names no id')
  if (id !== undefined && to.id !== id) throw refused(entry, `its resource has the id ${id}`)
  return { act: 'put', type, id: to.id }
}

function deleteTarget(entry: Entry): Target {
  const { type, id, query } = address(entry)
  if (query !== undefined) return { act: 'delete-where', type, query: `${type}?${query}` }
  if (id === undefined) throw refused(entry, 'its address names no id')
  return { act: 'delete', type, id }
}

function address(entry: Entry): { type: string; id?: string; query?: string } {
  const [, type, id, query] = /^\/?([A-Z][A-Za-z]+)(?:\/([A-Za-z0-9.-]{1,64}))?(?:\?(.+))?$/s.exec(entry.url) ?? []
  if (!isResourceType(type)) throw refused(entry, 'its address is none of Type, Type/id and Type?query')
  return { type, ...(id !== undefined && { id }), ...(query !== undefined && { query }) }
}

function refused(entry: Entry, reason: string): Problem {
  return new Problem('incorrect', `Cannot do ${entry.method} "${entry.url}": ${reason}`, {
    expression: `Bundle.entry[${entry.index}]`,
  })
}
