/** The whole server, listening, so that a browser reaches it. */
import { freePort } from '../cli/command.ts'
import { type TestApp, testApp } from '../support/test-app.ts'

export interface Listening extends AsyncDisposable {
  readonly app: TestApp
  /** `http://localhost:PORT` */
  readonly origin: string
}

export async function listening(environment: Readonly<Record<string, string>> = {}): Promise<Listening> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const app = await testApp({ BASE_URL: origin, PORT: String(port), DEVELOPMENT: 'true', ...environment })
  await app.server.listen({ port, host: '127.0.0.1' })
  return { app, origin, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() }
}
