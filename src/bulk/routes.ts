import { dialects } from '#dialects'
import type { Call, Practice, Route } from '#http'
import { filePath, statusPath } from './addresses.ts'
import { download, ticketIn } from './download/download.ts'
import type { ExportFace } from './face.ts'
import { deleteStatus } from './status/delete.ts'
import { listOwn } from './status/list.ts'
import { status } from './status/status.ts'

/** Status and files of exports below the base, and all that dialects have elsewhere; `rest`: where exports begin. */
export function exportRoutes(face: ExportFace, rest: readonly Route[]): readonly Route[] {
  const kickOffs = rest.filter(({ interaction }) => interaction === '$export')
  return [
    {
      method: 'GET',
      path: '/$export-status',
      interaction: 'export-list',
      answer: (call) => listOwn(face, call),
      servesContent: true,
    },
    ...statusRoutes(face, statusPath),
    ...fileRoutes(face, filePath),
    ...belowRoot('kickOffBases', (base) => kickOffs.map((route) => ({ ...route, path: base + route.path }))),
    ...belowRoot('statusPaths', (template) => statusRoutes(face, template)),
    ...belowRoot('filePaths', (template) => fileRoutes(face, template)),
  ]
}

type Places = 'kickOffBases' | 'statusPaths' | 'filePaths'

/** Routes of which each place is that of one dialect or more, below a practice's root. */
function belowRoot(places: Places, routesAt: (place: string) => readonly Route[]): readonly Route[] {
  const all = new Set(Object.values(dialects).flatMap((dialect) => dialect.export[places]))
  return [...all].flatMap((place) => {
    const isAt = ({ dialect }: Practice) => dialect.export[places].includes(place)
    return routesAt(place).map((route) => ({ ...route, isBelowRoot: true, isAt }))
  })
}

function statusRoutes(face: ExportFace, template: string): readonly Route[] {
  const { path, valueIn } = placeholders(template)
  return [
    {
      method: 'GET',
      path,
      interaction: 'export-status',
      servesContent: true,
      answer: (call) => status(face, call, valueIn(call, 'id')),
    },
    {
      method: 'DELETE',
      path,
      interaction: 'export-delete',
      servesContent: true,
      answer: (call) => deleteStatus(face, call, valueIn(call, 'id')),
    },
  ]
}

function fileRoutes(face: ExportFace, template: string): readonly Route[] {
  const { path, valueIn } = placeholders(template)
  return [
    {
      method: 'GET',
      path,
      interaction: 'export-file',
      servesContent: true,
      isOpenFor: (parameters) => ticketIn(parameters) !== undefined,
      answer: (call) => download(face, call, { id: valueIn(call, 'id'), name: valueIn(call, 'name') }),
    },
  ]
}

/** The path of a template as a route has it, and where in a call its values are: in the path or in the query. */
function placeholders(template: string) {
  const [path = '', query = ''] = template.split('?')
  const inQuery = new Map(
    [...query.matchAll(/(\w+)=\{(\w+)\}/g)].map(([, parameter = '', name = '']) => [name, parameter]),
  )
  return {
    // the route has a part of this name in front already
    path: path.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'practice' ? ':folder' : `:${name}`)),
    valueIn(call: Call, name: string): string {
      const parameter = inQuery.get(name)
      if (parameter === undefined) return call.path[name] ?? ''
      return call.parameters.find(([each]) => each === parameter)?.[1] ?? ''
    },
  }
}
