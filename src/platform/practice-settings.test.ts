import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialects } from '#dialects'
import { parseSetting, practiceSettings, settingKeys, settingsOf } from './practice-settings.ts'

for (const [key, text, value] of [
  ['name', ' Lakeside Clinic ', 'Lakeside Clinic'],
  ['npi', '1234567893', '1234567893'],
  ['npi', '', undefined],
  ['phone', '(555) 010-0199', '(555) 010-0199'],
  ['contact', 'api@lakeside.example', 'api@lakeside.example'],
  ['contact', 'https://lakeside.example/api', 'https://lakeside.example/api'],
  ['logo', 'https://lakeside.example/logo.png', 'https://lakeside.example/logo.png'],
  ['timeZone', 'America/Chicago', 'America/Chicago'],
  ['path', 'lakeside', 'lakeside'],
  ['hostName', 'FHIR.Lakeside.example', 'fhir.lakeside.example'],
  ['dialect', 'mof', 'mof'],
  ['types', 'all', 'all'],
  ['types', 'Patient, Observation,Patient', ['Patient', 'Observation']],
  ['handling', 'lenient', 'lenient'],
  ['references', 'refuse', 'refuse'],
  ['validation', 'strict', 'strict'],
  ['writes', 'on', true],
  ['patientWrites', 'off', false],
  ['visibility', 'assigned', 'assigned'],
  ['refuseWeakPatientSearch', 'on', true],
  ['defaultCount', '20', 20],
  ['maximumCount', '1000', 1000],
  ['tokenSeconds.backend', '60', 60],
  ['tokenSeconds.user', '3600', 3600],
  ['sensitive', '', []],
  [
    'sensitive',
    'http://x.example/c|R=guardians-of-minors@12,exports; urn:y|ETH=system-apps',
    [
      { label: 'http://x.example/c|R', hiddenFrom: ['guardians-of-minors', 'exports'], fromAge: 12 },
      { label: 'urn:y|ETH', hiddenFrom: ['system-apps'] },
    ],
  ],
] as const) {
  test(`parseSetting() reads ${key}=${text}`, () => assert.deepEqual(parseSetting(key, text), value))
}

for (const [key, text, wanted] of [
  ['name', 'a\u0007', /text of up to 200/],
  ['npi', '123', /ten digits/],
  ['phone', 'call us', /telephone number/],
  ['contact', 'nobody', /mail address or https URL/],
  ['logo', 'http://lakeside.example/logo.png', /https URL/],
  ['logo', 'https://user:pass@lakeside.example/logo.png', /https URL/],
  ['timeZone', 'Mars/Olympus', /IANA time zone/],
  ['path', 'Lake Side', /letters a to z/],
  ['path', 'healthz', /letters a to z/],
  ['hostName', 'localhost:80', /host name/],
  ['dialect', 'epic', /standard, modmed, mof, veradigm, integra/],
  ['types', 'patient', /resource types parted by commas/],
  ['handling', 'Strict', /strict, lenient/],
  ['writes', 'yes', /on, off/],
  ['writes', 'toString', /on, off/],
  ['defaultCount', '0', /from 1 to 1000/],
  ['maximumCount', '1001', /from 1 to 1000/],
  ['tokenSeconds.backend', '59', /from 60 to 3600/],
  ['tokenSeconds.user', '3601', /from 60 to 3600/],
  ['tokenSeconds.user', '9e2', /from 60 to 3600/],
  ['sensitive', 'R=exports', /SYSTEM\|CODE=AUDIENCES/],
  ['sensitive', 'urn:y|R=everybody', /SYSTEM\|CODE=AUDIENCES/],
  ['sensitive', 'urn:y|R=exports@12', /SYSTEM\|CODE=AUDIENCES/],
] as const) {
  test(`parseSetting() refuses ${key}=${text} and says what is allowed`, () => {
    assert.throws(() => parseSetting(key, text), { kind: 'incorrect', message: wanted })
  })
}

test('parseSetting() names the settings that there are when it does not know one', () => {
  assert.throws(() => parseSetting('colour', 'red'), /no setting "colour"; there are name, npi/)
})

for (const [dialect, seconds, refusesWeak] of [
  ['standard', 300, false],
  ['modmed', 1800, false],
  ['integra', 300, true],
] as const) {
  test(`settingsOf() starts from the dialect ${dialect}`, () => {
    const settings = settingsOf(dialects[dialect], {})
    assert.equal(settings.dialect, dialect)
    assert.equal(settings['tokenSeconds.backend'], seconds)
    assert.equal(settings.refuseWeakPatientSearch, refusesWeak)
  })
}

test('settingsOf() starts closed: no writes, strict search', () => {
  const { writes, patientWrites, handling, validation, references } = settingsOf(dialects.standard, {})
  assert.deepEqual(
    { writes, patientWrites, handling, validation, references },
    { writes: false, patientWrites: false, handling: 'strict', validation: 'structural', references: 'accept' },
  )
})

test('settingsOf() gives what is stored before what is initial', () => {
  const settings = settingsOf(dialects.integra, { refuseWeakPatientSearch: 'off', 'tokenSeconds.user': '600' })
  assert.equal(settings.refuseWeakPatientSearch, false)
  assert.equal(settings['tokenSeconds.user'], 600)
})

test('each setting says what it is for and what it takes', () => {
  for (const key of settingKeys) {
    assert.match(practiceSettings[key].about, /^\S.{10,}[^.]$/)
    assert.notEqual(practiceSettings[key].allowed, '')
  }
})
