import { operator } from '#access'
import type { ImportOptions } from '#bulk'
import type { Report } from '#http'
import { practiceNumbered } from '#platform'
import type { Installation } from './app.ts'
import { permittedRules } from './permitted-rules.ts'
import { rulesFor } from './practice-rules.ts'

/** What imports stand on, in the server and where they are done. */
export function importOptionsOf(installation: Installation, report: Report): ImportOptions {
  const { db, apps, directory, storeOf, files, settings } = installation
  return {
    ...{ db, report, files: files.open, isDevelopment: settings.development },
    async placeOf(number, principal) {
      const record = await practiceNumbered(db, number)
      const [rules, permission] = await Promise.all([
        permittedRules(apps, record, principal, rulesFor(record, principal, storeOf)),
        apps.permission(number, principal.client),
      ])
      return {
        practice: directory.practiceOf(record),
        store: storeOf(record),
        rules,
        mayImport: principal.client === operator || permission?.mayImport === true,
        mostGigabytes: record.settings.importMaximumGigabytes,
      }
    },
  }
}
