/**
 * `npm run test:long bucket-away`: the bucket is away while an export is written into it, for a minute and for longer than
 * the export is tried again; RESOURCES=n (100,000). It takes about fifteen minutes.
 */
import { s3Server } from '../support/s3-server.ts'
import { ownInstallation } from './support/own-installation.ts'
import { showTrouble } from './support/storage-trouble.ts'

await using s3 = await s3Server()
const { endpoint, bucket, key, objects, goAway, come } = s3
await using installation = await ownInstallation(['exportLines=1000'], () => ({
  ...{ S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_ACCESS_KEY: key.accessKey, S3_SECRET_KEY: key.secretKey },
}))
await showTrouble(installation, {
  begin: goAway,
  end: come,
  says: /bucket "exports" at \S+ cannot be reached[^"\n]*/,
  stored: async () => [...objects.keys()].filter((name) => !name.startsWith('installation/')),
})
