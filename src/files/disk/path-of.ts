import { resolve, sep } from 'node:path'

/** Where a checked name lies; a path that leads out of the store is refused whatever was checked before. */
export function pathOf(root: string, name: string): string {
  const path = resolve(root, name)
  if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) throw new TypeError(`"${name}" leads out of the store`)
  return path
}
