import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { freePort } from '../cli/command.ts'
import { type S3Key, signatureFault } from './s3-signature.ts'

/**
 * Stands in for S3-compatible storage, in memory: the calls that `#files` makes, with signatures, part sizes and paging
 * as S3 has them. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html
 */
export interface S3Server extends AsyncDisposable {
  readonly endpoint: string
  readonly bucket: string
  readonly key: S3Key
  readonly objects: Map<string, Buffer>
  readonly uploads: Map<string, Upload>
  /** "PUT /bucket/key?query" of each request. */
  readonly requests: string[]
  /** No connection is taken until come(). */
  goAway(): Promise<void>
  come(): Promise<void>
}

interface Upload {
  readonly key: string
  readonly parts: Map<number, Buffer>
}

interface Asked {
  readonly request: IncomingMessage
  readonly query: URLSearchParams
  readonly key: string
  readonly body: Buffer
}

interface Answer {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: Buffer | string
}

const leastPart = 5 << 20
const pageSize = 3

export async function s3Server(): Promise<S3Server> {
  const key = { accessKey: 'reader', secretKey: randomUUID() }
  const bucket = 'exports'
  const objects = new Map<string, Buffer>()
  const uploads = new Map<string, Upload>()
  const requests: string[] = []

  const server = createServer(async (request, response) => {
    requests.push(`${request.method} ${request.url}`)
    const body = await buffer(request).catch(() => undefined)
    if (!body) return
    const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://s3')
    const [, name, ...path] = decodeURIComponent(pathname).split('/')
    const fault = signatureFault(request, body, key)
    if (fault) return reply(response, failed(403, fault))
    if (name !== bucket) return reply(response, failed(404, 'NoSuchBucket'))
    reply(response, answerTo({ objects, uploads }, { request, query, key: path.join('/'), body }))
  })
  const listen = (port: number) => new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  const port = await freePort() // so that it can come back to it
  await listen(port)
  const goAway = async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket,
    key,
    objects,
    uploads,
    requests,
    goAway,
    come: () => listen(port),
    [Symbol.asyncDispose]: goAway,
  }
}

type Content = Pick<S3Server, 'objects' | 'uploads'>

function answerTo({ objects, uploads }: Content, asked: Asked): Answer {
  const { request, query, key, body } = asked
  if (query.has('uploadId')) return answerUpload({ objects, uploads }, asked)
  if (query.has('uploads')) return request.method === 'POST' ? begin(uploads, key) : listUploads(uploads, query)
  if (query.has('list-type')) return listObjects(objects, query)
  const found = objects.get(key)
  if (request.method === 'PUT') {
    if (found && request.headers['if-none-match'] === '*') return failed(412, 'PreconditionFailed')
    objects.set(key, body)
    return { status: 200, headers: { etag: etag(body) } }
  }
  if (request.method === 'DELETE') {
    objects.delete(key)
    return { status: 204 }
  }
  return found ? part(found, request.headers.range) : failed(404, 'NoSuchKey')
}

function part(bytes: Buffer, range: string | undefined): Answer {
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
  if (start === undefined) return { status: 200, headers: { etag: etag(bytes) }, body: bytes }
  if (Number(start) >= bytes.length) return failed(416, 'InvalidRange')
  const body = bytes.subarray(Number(start), Number(end) + 1)
  const given = `bytes ${start}-${Number(start) + body.length - 1}/${bytes.length}`
  return { status: 206, headers: { 'content-range': given }, body }
}

function begin(uploads: Content['uploads'], key: string): Answer {
  const id = randomUUID()
  uploads.set(id, { key, parts: new Map() })
  return xml(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`)
}

function answerUpload({ objects, uploads }: Content, { request, query, body }: Asked): Answer {
  const id = query.get('uploadId') ?? ''
  const upload = uploads.get(id)
  if (!upload) return failed(404, 'NoSuchUpload')
  if (request.method === 'PUT') {
    upload.parts.set(Number(query.get('partNumber')), body)
    return { status: 200, headers: { etag: etag(body) } }
  }
  if (request.method === 'DELETE') {
    uploads.delete(id)
    return { status: 204 }
  }
  const named = [...body.toString().matchAll(/<Part>(.*?)<\/Part>/g)].map(([, part = '']) => ({
    bytes: upload.parts.get(Number(/<PartNumber>(\d+)</.exec(part)?.[1])),
    etag: /<ETag>(.*?)</.exec(part)?.[1]?.replaceAll('&quot;', '"'),
  }))
  const parts = named.flatMap((part) => (part.bytes && etag(part.bytes) === part.etag ? [part.bytes] : []))
  if (parts.length === 0 || parts.length < named.length) return failed(400, 'InvalidPart')
  if (parts.slice(0, -1).some(({ length }) => length < leastPart)) return failed(400, 'EntityTooSmall')
  objects.set(upload.key, Buffer.concat(parts))
  uploads.delete(id)
  return xml('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
}

function listObjects(objects: Content['objects'], query: URLSearchParams): Answer {
  const after = query.get('continuation-token') ?? ''
  const most = Math.min(pageSize, Number(query.get('max-keys') ?? pageSize))
  const keys = [...objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after).sort()
  const page = keys.slice(0, most)
  const next = keys.length > most ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
  const contents = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')
  const isMore = `<IsTruncated>${next !== ''}</IsTruncated>`
  return xml(`<ListBucketResult>${isMore}${next}${contents}</ListBucketResult>`)
}

function listUploads(uploads: Content['uploads'], query: URLSearchParams): Answer {
  const after = `${query.get('key-marker') ?? ''}\0${query.get('upload-id-marker') ?? ''}`
  const found = [...uploads].map(([id, { key }]) => ({ id, key, place: `${key}\0${id}` }))
  const left = found
    .filter(({ key, place }) => key.startsWith(query.get('prefix') ?? '') && (after === '\0' || place > after))
    .sort((one, other) => (one.place < other.place ? -1 : 1))
  const page = left.slice(0, pageSize)
  const last = left.length > pageSize ? page.at(-1) : undefined
  const next = last
    ? `<NextKeyMarker>${last.key}</NextKeyMarker><NextUploadIdMarker>${last.id}</NextUploadIdMarker>`
    : ''
  const items = page.map(({ id, key }) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`).join('')
  return xml(
    `<ListMultipartUploadsResult><IsTruncated>${next !== ''}</IsTruncated>${next}${items}</ListMultipartUploadsResult>`,
  )
}

function xml(body: string): Answer {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: `<?xml version="1.0"?>${body}` }
}

function failed(status: number, code: string): Answer {
  return { ...xml(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`), status }
}

function etag(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`
}

function reply(response: ServerResponse, { status, headers = {}, body = '' }: Answer) {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}
