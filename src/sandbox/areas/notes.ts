import { date, dateTime, instant } from '../calendar.ts'
import { type Concept, concept, type Reference } from '../coding.ts'
import { type NoteFact, notes, type ReportFact, reports } from '../facts/notes.ts'
import { happens, type Person, type Visit } from '../life/index.ts'
import { pdf } from '../pdf.ts'
import { atLeast } from '../us-core.ts'
import type { ReportResults } from './clinical-results.ts'

/** Which notes a visit leaves behind. */
export function writeNotes(person: Person, visit: Visit, results: ReportResults) {
  const { kind, index } = visit
  if (kind === 'wellness' && index % 4 === 0) writeNote(person, visit, notes.history)
  else if (kind === 'wellness' || kind === 'follow-up' || kind === 'prenatal') writeNote(person, visit, notes.progress)
  if (kind === 'acute') writeNote(person, visit, notes.consult)
  if (kind === 'emergency') writeNote(person, visit, notes.emergency)
  if (kind === 'inpatient') {
    const isSurgical = person.cast || visit.about?.code.coding[0]?.code === '74400008'
    if (isSurgical) writeNote(person, visit, notes.surgery)
    writeNote(person, visit, notes.discharge)
    writeNote(person, visit, notes.laboratory)
  }
  if (kind === 'acute' && happens(person, 0.2)) writeNote(person, visit, notes.procedure)
  if (kind === 'inpatient' || (kind === 'acute' && happens(person, 0.15)))
    writeReport(person, visit, reports.pathology, results.pathology.slice(0, 2))
  if (kind === 'inpatient' || kind === 'emergency' || results.cardiology.length > 0) {
    writeReport(person, visit, reports.cardiology, results.cardiology)
  }
  if (kind === 'inpatient' || kind === 'emergency' || results.radiology.length > 0) {
    writeReport(person, visit, reports.radiology, results.radiology)
  }
}

interface Attachment {
  readonly contentType: string
  readonly url?: string
  readonly data?: string
  readonly title?: string
  readonly creation: string
}

function wording(person: Person, visit: Visit, { type, sentences }: NoteFact): readonly string[] {
  return [
    `${type.text} of ${date(visit.start)}`,
    `Patient: ${person.name.text}, born ${date(person.birth)}`,
    `Seen by ${visit.clinician.display ?? 'a clinician'} at ${visit.site.organization.display ?? 'the clinic'}`,
    ...sentences,
  ]
}

/** Long texts lie in a Binary of their own; every third short one stands within the document. */
function writeAttachment(
  person: Person,
  visit: Visit,
  note: NoteFact,
  isWithin = !note.isPdf && visit.index % 3 === 0,
): Attachment {
  const lines = wording(person, visit, note)
  const contentType = note.isPdf ? 'application/pdf' : 'text/plain; charset=utf-8'
  const bytes = note.isPdf ? pdf(lines) : Buffer.from(`${lines.join('\n')}\n`)
  const data = bytes.toString('base64')
  const about = { title: note.type.text ?? 'Note', creation: dateTime(visit.end) }
  if (isWithin) return { contentType, data, ...about }
  const binary = person.chart.add('Binary', [], { contentType, securityContext: person.subject, data })
  return { contentType, url: binary.reference, ...about }
}

export const clinicalNote = concept(
  'http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category',
  'clinical-note',
  'Clinical Note',
)
const format = {
  system: 'http://ihe.net/fhir/ValueSet/IHE.FormatCode.codesystem',
  code: 'urn:ihe:iti:xds:2017:mimeTypeSufficient',
  display: 'mimeType Sufficient',
}

export interface DocumentFact {
  readonly profiles: readonly string[]
  readonly type: Concept
  readonly categories: readonly Concept[]
  readonly attachment: Attachment
  readonly extension?: readonly unknown[]
}

export function writeDocument(person: Person, visit: Visit, document: DocumentFact): Reference {
  const { chart, id, subject } = person
  return chart.add('DocumentReference', document.profiles, {
    ...(document.extension ? { extension: document.extension } : {}),
    identifier: [
      { system: 'urn:charthouse:sandbox:document', value: `${id}-${visit.index + 1}-${document.type.coding[0]?.code}` },
    ],
    status: 'current',
    docStatus: 'final',
    type: document.type,
    category: document.categories,
    subject,
    date: instant(visit.end),
    author: [visit.clinician],
    authenticator: visit.clinician,
    custodian: visit.site.organization,
    content: [{ attachment: document.attachment, format }],
    context: { encounter: [visit.encounter], period: { start: dateTime(visit.start), end: dateTime(visit.end) } },
  })
}

function writeNote(person: Person, visit: Visit, note: NoteFact) {
  const attachment = writeAttachment(person, visit, note)
  writeDocument(person, visit, {
    profiles: ['us-core-documentreference'],
    type: note.type,
    categories: [clinicalNote],
    attachment,
  })
}

/** A form that somebody else signed, attached to the document as it came. */
export const writeScan = (person: Person, visit: Visit, type: Concept, sentences: readonly string[]) =>
  writeAttachment(person, visit, { type, sentences, isPdf: true }, visit.index % 2 === 0)

/** The same attachment twice: https://hl7.org/fhir/us/core/clinical-notes.html#fhir-resources-to-exchange-clinical-notes */
function writeReport(person: Person, visit: Visit, report: ReportFact, result: readonly Reference[]) {
  const { chart, subject, version } = person
  const attachment = writeAttachment(person, visit, report)
  writeDocument(person, visit, {
    profiles: ['us-core-documentreference'],
    type: report.type,
    categories: [clinicalNote],
    attachment,
  })
  const media =
    atLeast(version, '5.0.1') && visit.kind === 'inpatient' ? writeMedia(person, visit, attachment) : undefined
  chart.add('DiagnosticReport', ['us-core-diagnosticreport-note'], {
    status: 'final',
    category: [report.category],
    code: report.type,
    subject,
    encounter: visit.encounter,
    effectiveDateTime: dateTime(visit.start + 1_800_000),
    issued: instant(visit.end),
    performer: [visit.clinician, visit.site.organization],
    resultsInterpreter: [visit.clinician],
    ...(result.length > 0 ? { result } : {}),
    ...(media ? { media: [{ comment: 'As received', link: media }] } : {}),
    presentedForm: [attachment],
  })
}

function writeMedia({ chart, subject }: Person, visit: Visit, content: Attachment): Reference {
  return chart.add('Media', [], {
    status: 'completed',
    type: concept('http://terminology.hl7.org/CodeSystem/media-type', 'image', 'Image'),
    subject,
    encounter: visit.encounter,
    createdDateTime: dateTime(visit.start + 1_800_000),
    operator: visit.clinician,
    content,
  })
}
