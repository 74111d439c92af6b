import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasRelativeAttachment } from './in-object.ts'
import { attachmentStarts } from './in-text.ts'
import { placesOf } from './places.ts'

const relative = { contentType: 'text/plain', url: 'Binary/1' }
const absolute = { contentType: 'text/plain', url: 'https://elsewhere/1' }
const coding = { system: 'http://x', code: 'y' }

for (const [resource, isRelative, count] of [
  [{ resourceType: 'Observation', valueString: 'Binary/1' }, false, 0],
  [{ resourceType: 'Patient', photo: [absolute, relative] }, true, 2],
  [{ resourceType: 'Patient', photo: [absolute] }, false, 1],
  [{ resourceType: 'Patient', photo: [{ url: 'urn:uuid:1' }, { url: '#a' }, { data: 'eA==' }] }, false, 3],
  [{ resourceType: 'DocumentReference', content: [{ attachment: relative }] }, true, 1],
  [{ resourceType: 'Communication', payload: [{ contentAttachment: relative }] }, true, 1],
  [{ resourceType: 'Consent', sourceAttachment: relative, policy: [{ uri: 'x' }] }, true, 1],
  [{ resourceType: 'QuestionnaireResponse', item: [{ item: [{ answer: [{ valueAttachment: relative }] }] }] }, true, 1],
  [{ resourceType: 'Task', input: [{ type: {}, valueAttachment: relative }] }, true, 1],
  [{ resourceType: 'Measure', relatedArtifact: [{ type: 'citation', document: relative }] }, true, 1],
  [{ resourceType: 'Observation', contained: [{ resourceType: 'Media', content: relative }] }, true, 1],
  [{ resourceType: 'Observation', contained: [{ resourceType: 'Basic' }, 7, null] }, false, 0],
  [
    {
      resourceType: 'Basic',
      code: { coding: [{ ...coding, _code: { extension: [{ url: 'a', valueAttachment: relative }] } }] },
    },
    true,
    1,
  ],
  [{ resourceType: 'Bundle', entry: [{ resource: { resourceType: 'Patient', photo: [relative] } }] }, true, 1],
  [{ resourceType: 'Basic', content: relative, photo: [relative] }, false, 0],
  [{ resourceType: 'Patient', photo: 'Binary/1' }, false, 0],
  [{ resourceType: 'Mystery', photo: [relative] }, false, 0],
] as const) {
  const text = JSON.stringify(resource)
  test(`hasRelativeAttachment() says ${isRelative} of ${text}`, () => {
    assert.equal(hasRelativeAttachment(text, resource), isRelative)
  })
  test(`attachmentStarts() finds ${count} in ${text}`, () => {
    const starts = attachmentStarts(text)
    assert.equal(starts.length, count)
    for (const start of starts) assert.match(text.slice(start), /^\{"(contentType|url|data)"/)
  })
}

test('placesOf() names members that lead to attachments, and no others', () => {
  assert.deepEqual([...placesOf('Patient').keys()], ['contained', 'photo'])
  assert.deepEqual([...placesOf('Observation').keys()], ['contained'])
  assert.deepEqual([...placesOf('constructor').keys()], [])
})
