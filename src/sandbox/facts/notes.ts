import { type Concept, concept, loinc, systems } from '../coding.ts'

export interface NoteFact {
  readonly type: Concept
  readonly sentences: readonly string[]
  readonly isPdf?: boolean
}

const note = (code: string, display: string, sentences: readonly string[], isPdf = false): NoteFact => ({
  type: loinc(code, display),
  sentences,
  ...(isPdf ? { isPdf } : {}),
})

/** https://hl7.org/fhir/us/core/clinical-notes.html */
export const notes = {
  progress: note('11506-3', 'Progress note', [
    'Patient feels well.',
    'Medications taken as prescribed.',
    'Return in six months.',
  ]),
  history: note('34117-2', 'History and physical note', [
    'Full history taken.',
    'Examination without findings.',
    'Plan discussed with patient.',
  ]),
  consult: note('11488-4', 'Consult note', [
    'Seen at the request of the family physician.',
    'Recommendations were sent.',
  ]),
  discharge: note(
    '18842-5',
    'Discharge summary',
    ['Admitted and treated.', 'Condition improved.', 'Follow-up with the family physician.'],
    true,
  ),
  procedure: note('28570-0', 'Procedure note', ['Consent obtained.', 'Procedure without complications.']),
  surgery: note('11504-8', 'Surgical operation note', [
    'General anesthesia.',
    'Estimated blood loss minimal.',
    'Counts correct.',
  ]),
  emergency: note('34111-5', 'Emergency department Note', [
    'Arrived walking.',
    'Stable after treatment.',
    'Discharged home.',
  ]),
  laboratory: note('11502-2', 'Laboratory report', ['Results reviewed.', 'No critical values.'], true),
} as const

export interface ReportFact extends NoteFact {
  readonly category: Concept
}

const part = (code: string, display: string) => concept(systems.loinc, code, display)

/** Reports of others that stand in the chart both as DiagnosticReport and as document. */
export const reports = {
  cardiology: {
    ...note('11524-6', 'EKG study', ['Rate and rhythm normal.', 'Intervals normal.'], true),
    category: part('LP29708-2', 'Cardiology'),
  },
  pathology: {
    ...note('11526-1', 'Pathology study', ['Tissue received in formalin.', 'No evidence of malignancy.'], true),
    category: part('LP7839-6', 'Pathology'),
  },
  radiology: {
    ...note('18748-4', 'Diagnostic imaging study', ['Two views of the chest.', 'No acute findings.'], true),
    category: part('LP29684-5', 'Radiology'),
  },
} as const satisfies Record<string, ReportFact>
