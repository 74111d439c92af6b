import { type ExportParts, filePlaces, seeOf } from '#bulk'
import type { FileStore } from '#files'
import { installationKey, practiceNumbered } from '#platform'
import type { Installation } from './app.ts'
import { permittedRules } from './permitted-rules.ts'
import { rulesFor } from './practice-rules.ts'

/** What the work on exports stands on. It has met no request, so it looks the practice up for itself. */
export async function exportPartsOf(
  { db, apps, directory, storeOf, pace }: Installation,
  files: FileStore,
): Promise<ExportParts> {
  const ticketKey = await installationKey(db, 'export-files')
  return {
    ...{ db, files, pace },
    scopeOf: async (practice) => directory.scopeOf(await practiceNumbered(db, practice)),
    async seeOf(exported) {
      const { practice, principal } = exported
      const record = await practiceNumbered(db, practice)
      const rulesOf = () => permittedRules(apps, record, principal, rulesFor(record, principal, storeOf))
      return seeOf({ rulesOf }, directory.practiceOf(record), exported)
    },
    async placesOf(exported) {
      const record = await practiceNumbered(db, exported.practice)
      return filePlaces({ ticketKey, now: Date.now }, directory.practiceOf(record), exported)
    },
  }
}
