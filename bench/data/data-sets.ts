/** What is loaded: made by the sandbox's generator from a fixed seed, or the reference data where it is there. */
import { randomBytes } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createZstdDecompress } from 'node:zlib'
import { generate, generateObservations } from '#sandbox'

export interface DataSet {
  /** Names its file and its database. */
  readonly name: string
  lines(): Iterable<string> | AsyncIterable<string>
}

const seed = 1
const observationsOfPatient = 300

/** US Core Observations of some 1.3 kB, 300 a patient, 200 codes. */
export function observations(size: number): DataSet {
  const patients = Math.max(10, Math.round(size / observationsOfPatient))
  return {
    name: `observations_${size}`,
    lines: () => generateObservations({ count: size, patients, seed }),
  }
}

const resourcesOfLife = 370

/** Whole life histories: all types. */
export function lives(patients: number): DataSet {
  return { name: `lives_${patients}`, lines: () => generate({ patients, seed, usCore: '6.1.0' }) }
}

/** As many lives as make about so many resources. */
export function livesOfSize(resources: number): DataSet {
  return lives(Math.max(10, Math.round(resources / resourcesOfLife)))
}

const attachmentBytes = 5_000_000

/** A patient's documents, each with an attachment of 5 MB in it. */
export function attachments(count: number): DataSet {
  return {
    name: `attachments_${count}`,
    *lines() {
      yield '{"resourceType":"Patient","id":"a"}'
      for (let n = 0; n < count; n++) {
        const data = randomBytes(attachmentBytes).toString('base64')
        const content = `[{"attachment":{"contentType":"application/pdf","data":"${data}"}}]`
        yield `{"resourceType":"DocumentReference","id":"d${n}","status":"current","subject":{"reference":"Patient/a"},"content":${content}}`
      }
    },
  }
}

export const sharedData = fileURLToPath(new URL('../../../shared/data/synthea/', import.meta.url))

/** 290,251 resources of 810 Synthea patients (the first `most` of them); undefined where ../shared is absent. */
export function synthea810(most = Number.POSITIVE_INFINITY): DataSet | undefined {
  const file = `${sharedData}synthea-810.ndjson.zst`
  if (!existsSync(file)) return undefined
  return {
    name: most === Number.POSITIVE_INFINITY ? 'synthea_810' : `synthea_810_${most}`,
    async *lines() {
      let left = most
      for await (const line of createInterface(createReadStream(file).pipe(createZstdDecompress()))) {
        if (left-- <= 0) return
        yield line
      }
    },
  }
}
