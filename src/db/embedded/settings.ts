import { totalmem } from 'node:os'

/** Settings of the embedded server for a machine that it shares with this process. */
export function serverSettings(): string[] {
  const memoryMb = totalmem() / 2 ** 20
  const sharedBuffersMb = Math.round(Math.min(1024, Math.max(64, memoryMb / 8)))
  return [
    'listen_addresses=', // only by the socket in the data folder
    `shared_buffers=${sharedBuffersMb}MB`,
    `effective_cache_size=${Math.round(memoryMb / 2)}MB`,
    'work_mem=16MB',
    'maintenance_work_mem=256MB',
    'max_connections=100',
    'max_wal_size=4GB',
    'checkpoint_timeout=15min',
    'wal_compression=on',
    'random_page_cost=1.1',
    'jit=off',
    'autovacuum_vacuum_insert_scale_factor=0.1',
    'log_min_messages=warning',
  ]
}
