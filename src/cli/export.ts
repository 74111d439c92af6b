import { seeAll } from '#access'
import { exportEhi } from '#bulk'
import { Problem } from '#lib'
import { type PracticeRecord, practiceNamed } from '#platform'
import type { Installation } from '../app.ts'
import { acting } from './acting.ts'
import { action, type CliCommand, withInstallation } from './command.ts'
import { exportReadme } from './export-readme.ts'
import { numeral, type Screen } from './import-progress.ts'
import { stopSignal } from './stop-signal.ts'

interface Options {
  readonly practice: string
  readonly out: string
  readonly patient?: string
  readonly history?: boolean
  readonly overwrite?: boolean
}

export const exportCommand: CliCommand = (program) =>
  void program
    .command('export')
    .description("write a practice's records, or one patient's, to a folder of files; the server goes on meanwhile")
    .requiredOption('--practice <id>')
    .requiredOption('--out <folder>', 'a new or empty one; who may read it may read the records')
    .option('--patient <id>', 'the record of this patient, with what it refers to; else all records')
    .option('--history', 'earlier versions and deletions, too')
    .option('--overwrite', 'in place of an export that is in the folder')
    .addHelpText(
      'after',
      '\nFor administrators: resources with sensitive labels are among the files, whatever the practice hides from apps.',
    )
    .action(action((options: Options) => withInstallation((installation) => run(installation, options))))

async function run(installation: Installation, options: Options): Promise<number> {
  const { db, directory } = installation
  const { practice: id, out: folder, patient, history = false, overwrite = false } = options
  const record = await practiceNamed(db, id)
  if (patient !== undefined && !history) await checkPatient(installation, record, patient)
  const signal = stopSignal()
  const { report, user } = acting(installation)
  const whose = patient === undefined ? undefined : `Patient/${patient}`
  report({ event: 'ehi-export', practice: record.id, user, patient: whose })
  try {
    const { resources, attachments } = await exportEhi({
      ...{ db, folder, patient, signal, withHistory: history, isOverwritten: overwrite },
      scope: directory.scopeOf(record),
      practice: { id: record.id, name: record.settings.name ?? record.id },
      readme: exportReadme,
      progress: progressOn(process.stderr),
    })
    const count = resources.reduce((sum, file) => sum + file.count, 0)
    process.stderr.write(
      `${process.stderr.isTTY ? '\r\u001b[K' : ''}${numeral(count)} resources and ${numeral(attachments.count)} attachments are in ${folder}\n`,
    )
    return 0
  } catch (error) {
    if (!signal.aborted) throw error
    process.stderr.write(`Stopped: ${folder} holds no whole export; --overwrite begins again there\n`)
    return 1
  }
}

async function checkPatient(installation: Installation, record: PracticeRecord, patient: string) {
  const { state } = await installation.storeOf(record).read(seeAll, 'Patient', patient)
  if (state === 'current') return
  const why = state === 'deleted' ? 'was deleted; --history has its versions' : 'is not known'
  throw new Problem('not-found', `Patient/${patient} ${why} at ${record.id}`)
}

const shownAfterMs = 200

function progressOn(screen: Screen): (resources: number) => void {
  let shownAt = performance.now()
  return (resources) => {
    if (!screen.isTTY || performance.now() - shownAt < shownAfterMs) return
    shownAt = performance.now()
    screen.write(`\r${numeral(resources)} resources\u001b[K`)
  }
}
