import { hash, X509Certificate } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'
import type { Report } from '../monitoring/report.ts'
import { type Certificate, type CertificateFiles, readCertificate } from './certificate.ts'

/** A TLS server: what it is given holds for the connections that are made from then on. */
interface Server {
  setSecureContext(options: SecureContextOptions): void
}

interface Following {
  readonly files: CertificateFiles
  /** What the server began with. */
  readonly first: Certificate
  readonly report: Report
  readonly everyMs?: number | undefined
}

/**
 * Gives the server what is in its files whenever that changes; disposing of it ends that. The files are read again rather
 * than watched: they are small, and whatever replaces them (a rename, a link to another folder as Kubernetes does it, a
 * network disk) is seen. A pair that cannot be used leaves the server the one before, and is told when it is still so at the
 * next look: between two writes the files do not belong together.
 */
export function followCertificate(server: Server, { files, first, report, everyMs = 2000 }: Following): Disposable {
  let served = nameOf(first)
  let failures = 0

  function look() {
    try {
      const found = readCertificate(files)
      failures = 0
      if (nameOf(found) === served) return
      server.setSecureContext({ ...found })
      served = nameOf(found)
      report({ event: 'certificate', until: new X509Certificate(found.cert).validToDate.toISOString() })
    } catch (error) {
      failures += 1
      if (failures === 2)
        report({ event: 'certificate', failure: `${(error as Error).message}; the one before is kept` })
    }
  }

  const timer = setInterval(look, everyMs).unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

function nameOf({ cert, key }: Certificate): string {
  return hash('sha256', `${cert}\n${key}`)
}
