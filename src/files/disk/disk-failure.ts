import { Problem } from '#lib'

const why: Record<string, string> = {
  ENOSPC: 'the disk is full: free some space',
  EDQUOT: 'its disk quota is used up: free some space',
  EACCES: 'it may not be written: mend its permissions, or choose another by FILES_DIR',
  EPERM: 'it may not be written: mend its permissions, or choose another by FILES_DIR',
  EROFS: 'it is read-only: choose another by FILES_DIR',
  EIO: 'the disk fails: look into the log of the system',
  ENOENT: 'what was being written was removed meanwhile',
}

/** What the disk refused, as a sentence; jobs try again what is unavailable. */
export function diskFailure(root: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined) return error
  return new Problem('unavailable', `The file store ${root} cannot be used (${code}): ${why[code] ?? 'see its disk'}`, {
    cause: error,
  })
}
