import { readSettings, shownSettings } from '#config'
import { readCertificate } from '#http'
import { certificateFilesOf } from '../app.ts'
import { action, type CliCommand } from './command.ts'

export const checkSettings: CliCommand = (program) =>
  void program
    .command('check-settings')
    .description('print every setting with its value (secrets masked) and say what is wrong')
    .action(
      action(async () => {
        for (const { name, value, about, isSet } of shownSettings(process.env)) {
          process.stdout.write(`${name}=${value}${isSet ? '' : '  (initial)'}\n    ${about}\n`)
        }
        const files = certificateFilesOf(readSettings(process.env))
        if (files) readCertificate(files)
      }),
    )
