/** The sandbox as `npm start` makes it, of a few patients. */
import { ensureSandbox } from '../../src/cli/sandbox.ts'
import { type Listening, listening } from './listening.ts'

export interface Sandbox extends Listening {
  /** `http://localhost:PORT/sandbox` */
  readonly root: string
}

export async function sandboxOf(patients: number): Promise<Sandbox> {
  const server = await listening({ SANDBOX: 'on', SANDBOX_PATIENTS: String(patients) })
  await ensureSandbox(server.app.installation, new AbortController().signal)
  return { ...server, root: `${server.origin}/sandbox` }
}
