import cluster from 'node:cluster'
import { once } from 'node:events'

/** Aborted by Ctrl-C or a termination; a second Ctrl-C ends the process at once. One that is watched ends with who watches it. */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop).once('SIGHUP', stop)
  cluster.worker?.once('error', stop) // the one that watches was killed while we told it something
  return stopping.signal
}

export async function stopped(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}
