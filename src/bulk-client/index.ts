/**
 * A client of any Bulk Data server (https://hl7.org/fhir/uv/bulkdata, 1.0.1 to 3.0.0). It knows the public protocol and
 * nothing of our server.
 */
export { readClientKey } from './auth/client-key.ts'
export { bulkDownload, cancelDownload } from './bulk-download.ts'
export type { Credentials, Download, DownloadContext, Progress, Summary } from './download.ts'
export type { ExportParameters, Level } from './kick-off.ts'
