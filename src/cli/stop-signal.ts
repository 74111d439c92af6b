import cluster from 'node:cluster'
import { once } from 'node:events'

/** Aborted by Ctrl-C, a termination, or the end of the process that watches this one; a second Ctrl-C ends it at once. */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop).once('SIGHUP', stop).once('disconnect', stop)
  cluster.worker?.once('error', stop) // the one that watches was killed while we told it something
  return stopping.signal
}

export async function stopped(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}
