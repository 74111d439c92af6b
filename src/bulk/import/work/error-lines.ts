/** The error file of an input: an OperationOutcome a line, made when the first is added. */
import { outcome } from '#fhir'
import type { FileStore, FileWriter } from '#files'

export interface ErrorLines {
  add(line: number | undefined, reason: string): Promise<void>
  /** Its name in the store; undefined: nothing was added. */
  finish(): Promise<string | undefined>
  abort(): Promise<void>
}

const flushedBytes = 64 * 1024

export function errorLines(files: FileStore, name: string): ErrorLines {
  let opening: Promise<FileWriter> | undefined
  let held: string[] = []
  let characters = 0

  async function flush() {
    opening ??= files.create(name)
    const bytes = Buffer.from(held.join(''))
    held = []
    characters = 0
    await (await opening).write(bytes)
  }

  return {
    async add(line, reason) {
      const place = line === undefined ? '' : `Line ${line}: `
      const text = `${JSON.stringify(outcome('error', 'processing', place + reason))}\n`
      held.push(text)
      characters += text.length
      if (characters >= flushedBytes) await flush()
    },
    async finish() {
      if (held.length > 0) await flush()
      if (!opening) return undefined
      await (await opening).finish()
      return name
    },
    async abort() {
      await opening?.then(
        (writer) => writer.abort(),
        () => {}, // it was never made
      )
    },
  }
}
