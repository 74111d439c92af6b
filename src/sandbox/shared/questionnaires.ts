import { resourceLine } from '../chart.ts'
import { questionnaires } from '../facts/questionnaires.ts'
import type { UsCore } from '../us-core.ts'

export function* questionnaireLines(version: UsCore): Generator<string> {
  for (const { id, url, title, code, questions } of questionnaires) {
    yield resourceLine(version, 'Questionnaire', id, [], {
      url,
      version: '1.0.0',
      name: title.replaceAll(/[^A-Za-z0-9]/g, ''),
      title,
      status: 'active',
      subjectType: ['Patient'],
      date: '2022-03-01',
      code: code.coding,
      item: questions.map(({ linkId, code, type, questions: nested }) => ({
        linkId,
        ...(code ? { code: code.coding } : {}),
        text: code?.text ?? title,
        type,
        ...(nested
          ? {
              item: nested.map((question) => ({
                linkId: question.linkId,
                text: question.code?.text ?? title,
                type: question.type,
              })),
            }
          : {}),
      })),
    })
  }
}
