import { join } from 'node:path'

/** Where the files of the installation with this database lie: another one's are refused. */
export function filesOf(dataDir: string, database: string): string {
  return join(dataDir, 'files', database)
}
