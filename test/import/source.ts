/** Another machine's files, for imports: each address answers as the test says. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Source extends AsyncDisposable {
  readonly url: string
  /** What was asked for, in its order. */
  readonly asked: IncomingMessage[]
  answers: Record<string, RequestListener>
}

export async function source(answers: Record<string, RequestListener>): Promise<Source> {
  const made = { answers, asked: [] as IncomingMessage[] }
  const server = createServer((request, response) => {
    made.asked.push(request)
    const answer = made.answers[request.url ?? '']
    if (answer) answer(request, response)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(made, {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

export function lines(...resources: readonly object[]): string {
  return resources.map((resource) => `${JSON.stringify(resource)}\n`).join('')
}

export function patient(id: string, family = 'Ash') {
  return { resourceType: 'Patient', id, name: [{ family }] }
}
