import type { ExportFace, ExportSettings } from '#bulk'
import type { Report } from '#http'
import { installationKey, type PracticeSettings } from '#platform'
import type { Installation } from './app.ts'
import { permittedRules } from './permitted-rules.ts'
import { rulesFor } from './practice-rules.ts'

/** What the HTTP face of exports stands on. */
export async function exportFaceOf(installation: Installation, report: Report): Promise<ExportFace> {
  const { db, apps, directory, storeOf, files } = installation
  return {
    ...{ db, report, files: files.open, now: Date.now },
    ticketKey: await installationKey(db, 'export-files'),
    storeOf: (practice) => storeOf(directory.recordOf(practice.number)),
    rulesOf: (practice, principal) => {
      const record = directory.recordOf(practice.number)
      return permittedRules(apps, record, principal, rulesFor(record, principal, storeOf))
    },
    settingsOf: (practice) => exportSettings(directory.recordOf(practice.number).settings),
  }
}

function exportSettings(settings: PracticeSettings): ExportSettings {
  return {
    lines: settings.exportLines,
    megabytes: settings.exportMegabytes,
    expiryHours: settings.exportExpiryHours,
    urls: settings.exportUrls,
    headers: settings.exportHeaders,
    isGzipped: settings.exportGzip,
    running: settings.exportsRunning,
    queued: settings.exportsQueued,
    kept: settings.exportsKept,
    runningInPractice: settings.practiceExportsRunning,
    queuedInPractice: settings.practiceExportsQueued,
    gigabytesInPractice: settings.practiceExportsGigabytes,
  }
}
