import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export interface OpenLoop {
  readonly origin: string
  readonly paths: readonly string[]
  readonly token: string
  /** Requests that are sent each second, whether the earlier ones are answered or not. */
  readonly perSecond: number
  readonly seconds: number
}

/** Milliseconds from when a request was due until its answer was there, in order. */
export async function openLoop({ origin, paths, token, perSecond, seconds }: OpenLoop): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true })
  const timesMs: number[] = []
  const under: Promise<void>[] = []
  const start = performance.now()
  for (let sent = 0; sent < perSecond * seconds; sent++) {
    const dueMs = start + (sent * 1000) / perSecond
    if (dueMs > performance.now()) await sleep(dueMs - performance.now())
    const url = `${origin}${paths[sent % paths.length]}`
    under.push(
      new Promise((resolve, reject) => {
        get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
          answer.resume().on('end', () => {
            timesMs.push(performance.now() - dueMs)
            if (answer.statusCode === 200) resolve()
            else reject(new Error(`A read was answered with ${answer.statusCode}`))
          })
        }).on('error', reject)
      }),
    )
  }
  await Promise.all(under)
  agent.destroy()
  return timesMs.sort((one, other) => one - other)
}
