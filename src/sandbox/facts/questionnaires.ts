import { type Coding, type Concept, loinc, systems } from '../coding.ts'

/** An answer as FHIR writes it: the key is the value element. */
export type Answer =
  | { readonly valueDecimal: number }
  | { readonly valueString: string }
  | { readonly valueCoding: Coding }
  | { readonly valueBoolean: boolean }

export interface Question {
  readonly linkId: string
  /** Absent on a group that only holds others together. */
  readonly code?: Concept
  readonly type: 'decimal' | 'string' | 'choice' | 'group' | 'boolean'
  /** One of these is drawn; the first one is the good news. */
  readonly answers: readonly Answer[]
  /** Asked within a group, or below an answer. */
  readonly questions?: readonly Question[]
}

export interface QuestionnaireFact {
  readonly id: string
  readonly url: string
  readonly title: string
  readonly code: Concept
  readonly questions: readonly Question[]
}

const answer = (code: string, display: string): Answer => ({ valueCoding: { system: systems.loinc, code, display } })
const frequency = [answer('LA6568-5', 'Not at all'), answer('LA6569-3', 'Several days')]
const truth = [
  answer('LA28398-8', 'Never true'),
  answer('LA6729-3', 'Sometimes true'),
  answer('LA28397-0', 'Often true'),
]

export const phq = {
  panel: loinc('44249-1', 'PHQ-9 quick depression assessment panel [Reported.PHQ]', 'PHQ-9'),
  interest: loinc('44250-9', 'Little interest or pleasure in doing things in last 2 weeks'),
  mood: loinc('44255-8', 'Feeling down, depressed, or hopeless in last 2 weeks'),
  total: loinc('44261-6', 'Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]', 'PHQ-9 total score'),
}

export const hunger = {
  panel: loinc('88121-9', 'Hunger Vital Sign [HVS]'),
  worried: loinc('88122-7', '(I/We) worried whether (my/our) food would run out before (I/we) got money to buy more.'),
  lasting: loinc('88123-5', "The food that (I/we) bought just didn't last, and (I/we) didn't have money to get more."),
  risk: loinc('88124-3', 'Food insecurity risk [HVS]'),
}

export const questionnaires: readonly QuestionnaireFact[] = [
  {
    id: 'questionnaire-phq9',
    url: 'urn:charthouse:sandbox:questionnaire:phq9',
    title: 'PHQ-9 depression assessment',
    code: phq.panel,
    questions: [
      { linkId: '44250-9', code: phq.interest, type: 'choice', answers: frequency },
      { linkId: '44255-8', code: phq.mood, type: 'choice', answers: frequency },
      { linkId: '44261-6', code: phq.total, type: 'decimal', answers: [{ valueDecimal: 2 }, { valueDecimal: 7 }] },
    ],
  },
  {
    id: 'questionnaire-hunger',
    url: 'urn:charthouse:sandbox:questionnaire:hunger-vital-sign',
    title: 'Hunger Vital Sign and needs',
    code: hunger.panel,
    questions: [
      {
        linkId: 'food',
        type: 'group',
        answers: [],
        questions: [
          { linkId: '88122-7', code: hunger.worried, type: 'choice', answers: truth },
          { linkId: '88123-5', code: hunger.lasting, type: 'choice', answers: truth },
        ],
      },
      {
        linkId: '88124-3',
        code: hunger.risk,
        type: 'choice',
        answers: [answer('LA19983-8', 'No risk'), answer('LA19952-3', 'At risk')],
        questions: [
          {
            linkId: '88124-3/note',
            code: loinc('48767-8', 'Annotation comment [Interpretation] Narrative', 'Remark'),
            type: 'string',
            answers: [
              { valueString: 'No help wanted at present' },
              { valueString: 'Would like to hear about food pantries' },
            ],
          },
        ],
      },
      {
        linkId: '56799-0',
        code: loinc('56799-0', 'Address', 'What address do you live at?'),
        type: 'string',
        answers: [{ valueString: 'Own apartment' }, { valueString: 'With relatives, no lease of their own' }],
      },
    ],
  },
]
