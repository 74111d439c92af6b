const segment = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,128}$/

/** Where the files lie by which processes know the store (`marker.ts`); no other file does. */
export const markerFolder = 'installation'

/** Names are made by our own code, never taken from a request; one that is not as agreed is refused all the same. */
export function checkFileName(name: string) {
  if (!name.includes('/')) throw new TypeError(`"${name}" cannot be the name of a file: it lies in no folder`)
  checkFolderName(name)
}

export function checkFolderName(name: string) {
  const segments = name.split('/')
  if (segments.every((each) => segment.test(each)) && segments[0] !== markerFolder) return
  throw new TypeError(
    `"${name}" cannot be the name of a file or folder: it is made of other than letters, digits, ".", "_" and "-", or of a part that is not allowed`,
  )
}
