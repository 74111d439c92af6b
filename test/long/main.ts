/** `npm run test:long [NAME…]`: what takes too long for every change. Runs each file of this folder, one after the other. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

const all = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && file !== 'main.ts')
const named = process.argv.slice(2)
const wanted = named.length > 0 ? all.filter((file) => named.includes(file.replace('.ts', ''))) : all

const failed = wanted.filter((file) => {
  console.log(`== ${file.replace('.ts', '')}`)
  return spawnSync(process.execPath, [`${import.meta.dirname}/${file}`], { stdio: 'inherit' }).status !== 0
})
if (failed.length > 0 || wanted.length === 0) {
  console.error(wanted.length === 0 ? `there are ${all.join(', ')}` : `failed: ${failed.join(', ')}`)
  process.exitCode = 1
}
