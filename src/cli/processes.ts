/**
 * `serve` with several processes: the first one opens the installation, does work in the background and watches; the
 * others, started from it with the same command line, share its port and answer. One that ends unasked is started again;
 * all end with the first one, however that ends.
 */
import cluster, { type Worker } from 'node:cluster'
import { type Metrics, sharedMetrics } from '#http'
import { Problem } from '#lib'

/** Whether this process was started by another that watches it. */
export const isWatched = cluster.isWorker

/** Lets go of the process that watches: being heard by it keeps this one alive when all else is closed. */
export function leaveWatch(): void {
  if (cluster.worker?.isConnected()) cluster.worker.disconnect()
}

export interface Processes extends AsyncDisposable {
  /** Of all of them together. */
  readonly metrics: Metrics
  /** Rejects when one cannot be started again. */
  readonly failed: Promise<never>
}

/** Resolves when all of them listen; disposing of it stops them. */
export async function startProcesses(count: number): Promise<Processes> {
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined) // nobody asks any more when it is stopped
  const running = new Map<Worker, Promise<void>>()
  let isStopping = false

  /** Resolves when it listens. */
  function start(): Promise<void> {
    const worker = cluster.fork()
    const listening = Promise.withResolvers<void>()
    worker.once('listening', () => listening.resolve())
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    running.set(worker, ended)
    void ended.then(() => {
      running.delete(worker)
      listening.reject(new Problem('unavailable', 'A process of the server ended before it listened'))
      if (!isStopping) listening.promise.then(again).catch(failed.reject)
    })
    return listening.promise
  }

  /** What never listened is not started again: it would end at its start for ever. */
  function again(): Promise<void> {
    process.stderr.write('A process of the server ended unasked and is started again\n')
    return start()
  }

  async function stop() {
    isStopping = true
    for (const worker of running.keys()) worker.process.kill('SIGTERM')
    await Promise.all(running.values())
  }

  try {
    await Promise.all(Array.from({ length: count }, start))
  } catch (error) {
    await stop()
    throw error
  }
  return { metrics: sharedMetrics(), failed: failed.promise, [Symbol.asyncDispose]: stop }
}
