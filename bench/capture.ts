import { type Installation, serverOf } from '../src/app.ts'

/** What the server asks its database for one request, and how long its answer is. */
export interface Captured {
  readonly statements: readonly Statement[]
  readonly bytes: number
}

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
  readonly isPrepared: boolean
}

/** An installation whose statements are put into `heard`. */
export interface Heard {
  readonly installation: Installation
  readonly heard: Statement[]
}

/** Requests each path once of the server itself, without network. */
export async function capture(
  { installation, heard }: Heard,
  paths: readonly string[],
  token: string,
): Promise<Captured[]> {
  const { server } = await serverOf(installation, undefined)
  const captured: Captured[] = []
  for (const path of paths) {
    heard.length = 0
    const answer = await server.inject({ url: path, headers: { authorization: `Bearer ${token}` } })
    if (answer.statusCode !== 200) throw new Error(`${path} got ${answer.statusCode}: ${answer.body.slice(0, 500)}`)
    const statements = heard.filter(({ text }) => !/\bfrom practice\b/.test(text)) // looked up every four seconds only
    captured.push({ statements, bytes: Buffer.byteLength(answer.body) })
  }
  await server.close()
  return captured
}

/** The same without looking the token up, where that is a statement of its own. */
export function withoutToken({ statements, bytes }: Captured): Captured {
  return { statements: statements.filter(({ text }) => /\bfrom resource\b/.test(text)), bytes }
}
