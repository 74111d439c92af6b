import type { Answer, Call } from '#http'
import { statusAddress } from '../addresses.ts'
import type { Export } from '../export.ts'
import { exporterOf } from '../exporter.ts'
import type { ExportFace } from '../face.ts'
import { listExports } from '../records/exports-store.ts'

/** The exports of the client that calls, for one that has lost an address (B30); the newest first. */
export async function listOwn(face: ExportFace, call: Call): Promise<Answer> {
  const { practice } = call
  const { client, user } = await call.principal
  await exporterOf(face, practice, await call.principal)
  const all = await listExports(face.db, practice.number, { client, user })
  const own = all.filter((one) => one.user === user)
  const exports = own.map((exported) => ({
    id: exported.id,
    state: exported.state,
    request: exported.address,
    created: timeText(exported.created),
    status: statusAddress(practice, exported),
    ...progressOf(exported),
    ...(exported.expires !== undefined && { expires: timeText(exported.expires) }),
  }))
  return { isFleeting: true, type: 'application/json', body: JSON.stringify({ exports }) }
}

function progressOf({ state, progress, sentence }: Export) {
  if (state === 'failed') return { sentence }
  return state === 'running' ? { percent: Math.floor(progress * 100) } : {}
}

function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
