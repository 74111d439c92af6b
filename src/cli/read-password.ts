import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { Problem } from '#lib'

/** The first line of standard input; a person at a terminal is asked, and what they type is not shown. */
export async function readPassword(input: NodeJS.ReadStream = process.stdin): Promise<string> {
  const isTyped = input.isTTY === true
  if (isTyped) process.stderr.write('Password: ')
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: nowhere, terminal: isTyped })
  try {
    for await (const line of lines) return line
  } finally {
    lines.close()
    if (isTyped) process.stderr.write('\n')
  }
  throw new Problem('incorrect', 'The password is missing: it is read from standard input')
}
