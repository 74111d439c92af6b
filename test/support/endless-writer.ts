/** A process that writes a file to the store of the given settings until it is killed; it says when 16 MB are written. */
import { openFileStore } from '../../src/files/index.ts'

const store = await openFileStore(JSON.parse(process.argv[2] ?? ''), 'clinic')
const writer = await store.create('job/endless')
const bytes = Buffer.alloc(1 << 20, 'x')
for (let megabytes = 1; ; megabytes++) {
  await writer.write(bytes)
  if (megabytes === 16) process.stdout.write('16 MB\n')
  if (megabytes > 16) await new Promise((done) => setTimeout(done, 50)) // goes on, without filling the disk
}
