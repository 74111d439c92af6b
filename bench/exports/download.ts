import { Agent, get, type IncomingMessage } from 'node:http'
import type { Asking } from './export-run.ts'

const connections = 4

/** Loads files over four connections and drops them; how many bytes. */
export async function download({ served, token }: Asking, urls: readonly string[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const left = [...urls]
  let bytes = 0
  async function next(): Promise<void> {
    for (let url = left.shift(); url !== undefined; url = left.shift()) {
      const here = new URL(new URL(url).pathname, served.server.origin)
      const loaded = await load(here, { agent, token })
      bytes += loaded // in one step: others add meanwhile
    }
  }
  await Promise.all(Array.from({ length: connections }, next))
  agent.destroy()
  return bytes
}

function load(url: URL, { agent, token }: { readonly agent: Agent; readonly token: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` }
    get(url, { agent, headers }, (answer: IncomingMessage) => {
      if (answer.statusCode !== 200) return reject(new Error(`${url.pathname} was answered with ${answer.statusCode}`))
      let bytes = 0
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      answer.on('end', () => resolve(bytes)).on('error', reject)
    }).on('error', reject)
  })
}
