/** The error file of an input: an OperationOutcome a line, made when the first is added. */
import { outcome } from '#fhir'
import type { FileStore, FileWriter } from '#files'

export interface ErrorLines {
  add(line: number | undefined, reason: string): Promise<void>
  /** The last of it, however many there are. */
  end(reason: string): Promise<void>
  /** Undefined: nothing was added, now or before. */
  finish(): Promise<ErrorsKept | undefined>
  abort(): Promise<void>
}

/** An error file as it lies in the store. */
export interface ErrorsKept {
  readonly name: string
  readonly lines: number
}

const flushedBytes = 64 * 1024

/** A source of nothing but line breaks would fill the disk with what is wrong with each; all are counted. */
const mostLines = 10_000

const theRest = () =>
  `More than ${mostLines.toLocaleString('en-US')} resources of this file were not loaded: the others are counted and not told`

/** What was told `before` comes first, of which the file lies under another name. */
export function errorLines(files: FileStore, name: string, before?: ErrorsKept): ErrorLines {
  let opening: Promise<FileWriter> | undefined
  let held: string[] = []
  let characters = 0
  let lines = before?.lines ?? 0

  async function flush() {
    opening ??= begun(files, name, before?.name)
    const bytes = Buffer.from(held.join(''))
    held = []
    characters = 0
    await (await opening).write(bytes)
  }

  async function tell(severity: 'error' | 'fatal', sentence: string) {
    const text = `${JSON.stringify(outcome(severity, 'processing', sentence))}\n`
    lines++
    held.push(text)
    characters += text.length
    if (characters >= flushedBytes) await flush()
  }

  return {
    async add(line, reason) {
      if (lines > mostLines) return
      const place = line === undefined ? '' : `Line ${line}: `
      await tell('error', lines < mostLines ? place + reason : theRest())
    },
    end: (reason) => tell('fatal', reason),
    async finish() {
      if (held.length > 0) await flush()
      if (!opening) return before
      await (await opening).finish()
      return { name, lines }
    },
    async abort() {
      await opening?.then(
        (writer) => writer.abort(),
        () => {}, // it was never made
      )
    },
  }
}

async function begun(files: FileStore, name: string, before: string | undefined): Promise<FileWriter> {
  const writer = await files.create(name)
  const earlier = before === undefined ? undefined : await files.open(before)
  for await (const chunk of earlier?.stream ?? []) await writer.write(chunk as Buffer)
  return writer
}
