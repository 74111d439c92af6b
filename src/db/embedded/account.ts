/**
 * PostgreSQL refuses to run as root. A root process therefore runs it under an ordinary account, with the one capability
 * that lets it reach folders below /root (setpriv), where that tool exists.
 */
import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from 'node:child_process'
import { chownSync, existsSync, statSync } from 'node:fs'

export interface Account {
  readonly uid: number
  readonly gid: number
}

const nobody: Account = { uid: 65_534, gid: 65_534 }

/** The account that must own the cluster; undefined when this process is not root. */
export function accountFor(folder: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const { uid, gid } = existsSync(folder) ? statSync(folder) : { uid: 0, gid: 0 }
  return uid === 0 ? nobody : { uid, gid }
}

export function give(path: string, account: Account | undefined) {
  if (account) chownSync(path, account.uid, account.gid)
}

/** Runs a program of PostgreSQL to its end under the account. */
export function runAs(account: Account | undefined, program: string, args: string[]) {
  const options: SpawnSyncOptionsWithStringEncoding = { encoding: 'utf8', cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] }
  if (!account) return spawnSync(program, args, options)
  if (canPass()) return spawnSync('setpriv', [...passing(account), program, ...args], options)
  return spawnSync(program, args, { ...options, uid: account.uid, gid: account.gid })
}

const passing = ({ uid, gid }: Account) => [
  `--reuid=${uid}`,
  `--regid=${gid}`,
  '--clear-groups',
  '--inh-caps=+dac_override',
  '--ambient-caps=+dac_override',
]

function canPass(): boolean {
  return spawnSync('setpriv', [...passing(nobody), 'true'], { stdio: 'ignore' }).status === 0
}
