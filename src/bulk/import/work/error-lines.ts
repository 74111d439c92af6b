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

/** A source of nothing but line breaks would fill the disk with what is wrong with each; all are counted. */
const mostLines = 10_000

const theRest = `More than ${mostLines.toLocaleString('en-US')} resources of this file were not loaded: the others are counted and not told`

export function errorLines(files: FileStore, name: string): ErrorLines {
  let opening: Promise<FileWriter> | undefined
  let held: string[] = []
  let characters = 0
  let lines = 0

  async function flush() {
    opening ??= files.create(name)
    const bytes = Buffer.from(held.join(''))
    held = []
    characters = 0
    await (await opening).write(bytes)
  }

  return {
    async add(line, reason) {
      if (lines > mostLines) return
      const place = line === undefined ? '' : `Line ${line}: `
      const sentence = lines++ < mostLines ? place + reason : theRest
      const text = `${JSON.stringify(outcome('error', 'processing', sentence))}\n`
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
