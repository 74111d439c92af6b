import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { elements, named, parsePage, textOf } from './markup.ts'
import { samplePages } from './sample-pages.ts'

for (const [name, { body, headers }] of Object.entries(samplePages('Anna Berg'))) {
  const page = parsePage(body)
  const ids = elements(page).flatMap(({ attributes: { id } }) => (id === undefined ? [] : [id]))

  test(`${name} has a language, a title, one main heading, and no heading level is skipped`, () => {
    assert.equal(named(page, 'html')[0]?.attributes.lang, 'en')
    assert.ok(textOf(named(page, 'title')[0] ?? page).length > 3)
    assert.equal(named(page, 'h1').length, 1)
    assert.equal(named(page, 'main').length, 1)
    assert.equal(named(page, 'h3', 'h4').length, 0)
  })

  test(`${name} gives every field a label and every button words`, () => {
    const labels = named(page, 'label')
    for (const input of named(page, 'input')) {
      const { type, id } = input.attributes
      if (type === 'hidden') continue
      const label = labels.find((each) => each.attributes.for === id || named(each, 'input').includes(input))
      assert.ok(label && textOf(label) !== '', `${input.attributes.name} has no label`)
    }
    for (const button of named(page, 'button')) assert.notEqual(textOf(button), '')
    for (const image of named(page, 'img')) assert.equal(image.attributes.alt, '', 'its name stands beside it')
  })

  test(`${name} names every id once, and what refers to one finds it`, () => {
    assert.equal(new Set(ids).size, ids.length, String(ids))
    for (const { attributes } of elements(page)) {
      const referred = [attributes['aria-describedby'], attributes['aria-labelledby'], attributes.for]
      const inPage = attributes.href?.startsWith('#') ? [attributes.href.slice(1)] : []
      for (const id of [...referred.flatMap((text) => text?.split(' ') ?? []), ...inPage]) {
        assert.ok(ids.includes(id), `#${id} is not there`)
      }
    }
  })

  test(`${name} works without scripts, and its policy allows none`, () => {
    assert.equal(named(page, 'script', 'iframe', 'object', 'embed', 'base', 'link').length, 0)
    for (const { attributes } of elements(page)) {
      assert.ok(!Object.keys(attributes).some((attribute) => attribute.startsWith('on') || attribute === 'style'))
    }
    for (const form of named(page, 'form')) assert.equal(form.attributes.method, 'post')
    const style = /<style>(.*?)<\/style>/s.exec(body)?.[1] ?? ''
    const policy = headers['content-security-policy'] ?? ''
    assert.ok(policy.includes(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`))
    assert.match(policy, /^default-src 'none'; .*base-uri 'none'; frame-ancestors 'none'$/)
    assert.doesNotMatch(policy, /script-src|unsafe|\*/)
  })

  test(`${name} is kept by nobody and tells nobody where it was`, () => {
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['x-frame-options'], 'DENY')
    assert.equal(headers['content-type'], 'text/html; charset=utf-8')
  })

  test(`${name} tells the request id`, () => assert.match(textOf(named(page, 'footer')[0] ?? page), /Request id/))
}

test('images come from the origins of the logos alone', () => {
  const { consent } = samplePages('Anna Berg', 'https://logos.example/a.png')
  assert.match(consent?.headers['content-security-policy'] ?? '', /img-src https:\/\/logos\.example;/)
})

test('a page of a launch may stand in the frame of the EHR that launched it, and of no other', async () => {
  const { consentPage } = await import('../../src/smart/screens/consent.ts')
  const { headers } = consentPage({
    ...{ brand: { name: 'North' }, timeZone: 'UTC', requestId: '1', action: '/a', pending: 'x', csrf: 'x' },
    ...{ app: { name: 'A', isVerified: false }, returnsTo: 'com.example.app:/cb', requested: 'patient/Patient.rs' },
    ...{ personName: 'P', frameAncestors: ['https://ehr.example'] },
  })
  const policy = headers['content-security-policy'] ?? ''
  assert.match(policy, /frame-ancestors https:\/\/ehr\.example$/)
  assert.match(policy, /form-action 'self' https: com\.example\.app:;/)
  assert.equal(headers['x-frame-options'], undefined)
})
