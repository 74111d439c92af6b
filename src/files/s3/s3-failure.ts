import { Problem } from '#lib'

const notReached = 'cannot be reached: see that S3_ENDPOINT is right and that the storage runs'
const refused = 'refuses this installation: see that S3_ACCESS_KEY and S3_SECRET_KEY are right'

const why: Record<string, string> = {
  NoSuchBucket: 'is not there: make it, or correct S3_BUCKET',
  AccessDenied:
    'refuses this installation: its key needs GetObject, PutObject, DeleteObject, AbortMultipartUpload, ListBucket and ListBucketMultipartUploads',
  InvalidAccessKeyId: refused,
  SignatureDoesNotMatch: refused,
  ExpiredToken: refused,
  CredentialsProviderError: 'has no key: set S3_ACCESS_KEY and S3_SECRET_KEY, or what the AWS SDK looks for',
  PermanentRedirect: 'is in another region: correct S3_REGION',
  AuthorizationHeaderMalformed: 'is in another region: correct S3_REGION',
  NoSuchUpload: 'has no longer what was being written: it was removed meanwhile',
  TimeoutError: notReached,
  ECONNREFUSED: notReached,
  ECONNRESET: notReached,
  ENOTFOUND: notReached,
  EAI_AGAIN: notReached,
  EHOSTUNREACH: notReached,
}

/** What the storage refused, as a sentence; jobs try again what is unavailable. */
export function s3Failure(place: string, error: unknown): Problem {
  const { name, message, code = name } = error as NodeJS.ErrnoException
  const reason = why[code] ?? why[name]
  const told = reason ? `${reason} (${code})` : code === 'Error' ? `fails (${message})` : `fails (${code})`
  return new Problem('unavailable', `The file store cannot be used: ${place} ${told}`, { cause: error })
}
