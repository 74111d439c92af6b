/** What makes a valid request an odd one. */
import type { Random } from './random.ts'
import type { Wanted } from './searches.ts'

/** A request as it goes over the wire: `target` and headers may hold what no well-behaved client sends. */
export interface Request {
  readonly method: string
  /** Path and query below the base, encoded. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

const odd = [
  ...[
    '',
    ' ',
    ',',
    ',,,',
    '|',
    '||',
    '$',
    '$$',
    '\\',
    '\\,',
    '(',
    ')',
    '*',
    '%',
    '_',
    '-',
    '.',
    '..',
    '/',
    '//',
    ':',
    ';',
    '&',
    '#',
    '?',
    '+',
  ],
  ...['null', 'undefined', 'NaN', 'Infinity', '-Infinity', 'true', '[]', '{}', '__proto__', 'constructor', 'toString'],
  ...[
    '1e308',
    '1e309',
    '-1e400',
    '1e-400',
    '0x10',
    '-0',
    '00',
    '1.',
    '.5',
    '1,5',
    '1_000',
    '９',
    '9'.repeat(400),
    `0.${'0'.repeat(400)}1`,
    '9007199254740993',
    '9223372036854775808',
    '-9223372036854775809',
  ],
  ...['5.4||', '||mg', '5|||', '5|a|b|c', 'ap1e308', 'gt-1e308||x', 'ne1e308|http://unitsofmeasure.org|mg'],
  ...[
    '9999',
    '0000',
    '0001',
    '9999-12-31T23:59:59.999999999+14:00',
    '0000-01-01',
    '0001-01-01T00:00:00+14:00',
    '10000-01-01',
    '-0001',
    '2024-02-30',
    '2023-02-29',
    '2024-13',
    '2024-00-00',
    '2024-01-01T24:00:00',
    '2024-01-01T10:00:60Z',
    '2024-W01',
    '20240101',
    '2024-1-1',
    '275760-09-13',
    'ap9999',
    'ap0001',
    'sa9999-12-31',
    'eb0001',
    'lt0001',
    'gt9999-12-31T23:59:59.999Z',
    '2024-01-01T10:00:00+99:99',
    '2024-01-01T10',
  ],
  ...['ge', 'gege2020', 'apap5', 'xx5', 'GE2020', 'ge ge5', 'eq', '>2020'],
  ...[
    '\u{1F600}',
    '\u202e',
    'e\u0301',
    '\uffff',
    '\u{10ffff}',
    'ß',
    'İ',
    '\u0130'.repeat(50),
    '\ufeff',
    '\u2028',
    '\t',
    '\n',
    '\r\n',
    '\u0001',
    '\u007f',
    '\u0000',
  ],
  ...[
    "'",
    '"',
    "' or 1=1 --",
    '$1',
    '$$x$$',
    '%s',
    '\\x00',
    '::int8',
    '(a+)+$',
    '[a-z]*',
    '%%%%',
    '____',
    '<script>',
    '$' + '{x}',
    '../../etc/passwd',
    'http://',
    'http://[::1',
    'urn:',
    'javascript:1',
    'Patient/',
    '/Patient',
    'Patient/1/2',
    'Patient/1/_history/',
    'Nonsense/1',
    'http://localhost:8080/fuzz/fhir/r4/Patient/../p1',
    '#contained',
  ],
  ...[
    'a'.repeat(3000),
    'é'.repeat(1500),
    '('.repeat(500),
    '('.repeat(200) + ')'.repeat(200),
    `${'a,'.repeat(2000)}a`,
    `${'a|b,'.repeat(1000)}c`,
    `${'$'.repeat(300)}`,
    `${'\\'.repeat(999)}`,
    'a'.repeat(14000),
  ],
] as const

const names = [
  ...[
    '_filter',
    '_query',
    '_text',
    '_content',
    '_list',
    '_has',
    '_has:',
    '_has:::',
    '_has:Observation:patient',
    '_type',
    '_page',
    '_contained',
    '_containedType',
    '_score',
    '_security',
    '_profile',
    '_tag',
    '_source',
    '_in',
    'near',
    '_id:not',
    '_id:missing',
    '_lastUpdated:missing',
  ],
  ...[
    '',
    '.',
    '..',
    ':',
    'name:',
    ':exact',
    'name:exact:exact',
    'name:nonsense',
    'name.given',
    'subject.',
    '.name',
    'subject:Nonsense.name',
    'subject:Patient',
    'subject:Patient.',
    'a.b.c.d.e.f.g',
    '__proto__',
    'constructor',
    'hasOwnProperty',
    'toString:exact',
    'code:in',
    'code:not-in',
    'code:above',
    'code:below',
    'identifier:of-type',
    'code:text',
    'value-quantity',
    'value-quantity:missing',
    '\u{1F600}',
    '%',
    'a'.repeat(2000),
  ],
  ...[2, 5, 6, 50].map((depth) => `${'subject:Patient.'.repeat(depth)}name`),
  ...[2, 5, 6, 50].map(
    (depth) => `${'general-practitioner:Practitioner.'.repeat(1)}${'_has:Observation:performer:'.repeat(depth)}code`,
  ),
  ...[2, 5, 6, 40].map((depth) => `${'_has:Observation:has-member:'.repeat(depth)}code`),
  ...[3, 5].map((depth) => `${'part-of.'.repeat(depth)}name`),
]

const controls: readonly (readonly [string, readonly string[]])[] = [
  [
    '_count',
    ['-1', '0', '1', '999', '1000', '1001', '1e3', '９', 'all', '2147483648', '99999999999999999999', '1.5', ' 5'],
  ],
  [
    '_sort',
    [
      '',
      '-',
      ',',
      '--date',
      'date,-date,date',
      '_id,-_lastUpdated,name,birthdate',
      'nonsense',
      '_score',
      'code:exact',
      'subject.name',
      '-'.repeat(99),
    ],
  ],
  [
    '_include',
    [
      '',
      '*',
      ':',
      'Patient',
      'Patient:',
      'Patient:*',
      'Patient:*:*',
      'Observation:subject:Nonsense',
      'Nonsense:subject',
      'Observation:code',
      '*:*',
      'a:b:c:d',
    ],
  ],
  ['_revinclude', ['*', 'Provenance:target', 'Observation:*', 'AuditEvent:*', 'Observation:subject:Group', ':']],
  ['_revinclude:iterate', ['*', 'Provenance:target']],
  ['_include:iterate', ['*', 'Observation:has-member']],
  ['_include:recurse', ['*']],
  ['_include:nonsense', ['*']],
  ['_summary', ['', 'True', 'nonsense', 'count,true']],
  ['_total', ['', 'exact', 'ACCURATE']],
  ['_elements', ['', ',', '*', 'Patient.name', 'name.given', '__proto__', 'nonsense', 'id,'.repeat(500)]],
  ['_format', ['xml', 'ttl', 'html', 'application/fhir xml', 'json;q=0', '\u{1F600}', 'a'.repeat(999)]],
  ['_pretty', ['', 'yes', 'TRUE']],
  ['_type', ['', ',', 'Nonsense', 'Patient,Patient', 'patient', '*']],
  ['_page', ['', 'x', 'x.y', 'eyJ.x', 'e30.AAAA', 'a.b.c', '%', 'A'.repeat(5000)]],
  [
    '_lastUpdated',
    ['', '9999', '0001', 'gt9999-12-31T23:59:59.999999Z', 'ap2020', 'x', '2020-01-01T00:00:00.0000000001Z'],
  ],
  ['access_token', ['x']],
  ['_id', ['', ',', 'x'.repeat(65), '../x', 'a'.repeat(64), Array.from({ length: 1500 }, (_, n) => n).join(',')]],
]

const headerValues: Readonly<Record<string, readonly string[]>> = {
  accept: [
    '*/*',
    'application/json',
    'application/fhir+xml',
    'text/html,*/*;q=0.1',
    'application/fhir+json; fhirVersion=3.0',
    ';;q=,',
    ',',
    'a'.repeat(4000),
    'application/fhir+json;q=abc',
    '\u00ff',
    'image/*',
  ],
  prefer: [
    'handling=lenient',
    'handling=strict',
    'handling=',
    'handling="lenient',
    'return=minimal; handling=lenient',
    'respond-async',
    '\u00e9',
    'x'.repeat(3000),
  ],
  'if-none-match': ['*', 'W/"1"', '"1"', '1', '', '"', 'W/"1", W/"2"', 'x'.repeat(5000), '\u00ff'],
  'if-modified-since': ['Fri, 01 Jan 2100 00:00:00 GMT', 'x', '0', '', '9999999999999999999', 'Fri, 99 Foo'],
  'accept-encoding': ['gzip', 'br', 'gzip, br;q=0', '*', 'identity;q=0', 'x'.repeat(500), 'gzip;q=nan'],
  origin: ['https://app.example', 'null', 'x', '\u00ff', 'https://a\u00e9.example', ''],
  'content-type': [
    'text/plain',
    '',
    'application/json; charset=utf-16',
    'multipart/form-data',
    'application/x-www-form-urlencoded; charset=latin1',
    'x',
    '/',
    'application/fhir+json',
  ],
  'x-request-id': ['a', 'x'.repeat(500), '"'],
  range: ['bytes=0-1', 'bytes=x'],
  expect: ['100-continue'],
  'x-forwarded-host': ['evil.example'],
  'x-http-method-override': ['DELETE'],
  'if-match': ['W/"1"'],
  'accept-language': ['x'.repeat(1000)],
  cookie: ['a=b'],
  'content-encoding': ['gzip', 'x'],
  host: ['evil.example', '', 'localhost:99999', '[::1', 'a b'],
  connection: ['close', 'upgrade'],
  upgrade: ['h2c', 'websocket'],
  'access-control-request-headers': ['authorization', '\u00ff', 'x'.repeat(3000)],
}

const paths = [
  '',
  '/',
  '//',
  'Patient/',
  'Patient//p1',
  'patient',
  'PATIENT/p1',
  'Nonsense',
  'Nonsense/1',
  'Patient/p1/',
  'Patient/p1/_history',
  'Patient/p1/_history/1',
  '_history',
  '$nonsense',
  '%24versions',
  'Patient/$everything',
  'Patient/p1/$everything',
  'Patient/p1/Nonsense',
  'Patient/p1/Patient/p2',
  'Location/l1/Observation',
  'metadata/x',
  '_search',
  'Patient/_search',
  'Patient/p1/_search',
  'Pat%69ent',
  'Patient%2Fp1',
  'Patient/%70%31',
  'Patient/..%2f..%2fetc',
  'Patient/%2e%2e/Observation',
  '../../healthz',
  'Patient/../Observation',
  'Patient/%00',
  'Patient/%ff',
  'Patient/%',
  'Patient/%zz',
  'Patient/p1%00',
  `Patient/${'x'.repeat(64)}`,
  `Patient/${'x'.repeat(65)}`,
  `Patient/${'x'.repeat(300)}`,
  `${'a/'.repeat(200)}`,
  'Patient/p 1',
  'Patient/p1;x=1',
  'Patient/\u{1F600}',
  'Patient/p1#x',
  '*',
  '.',
  '..',
  '%2e',
  'Patient/*',
  'Binary/bin-p1',
  '\\',
  'Patient\\p1',
  "Patient/'",
  'Patient/p1/Observation/_search',
]

const methods = ['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH', 'LINK']

const form = 'application/x-www-form-urlencoded'

/** The request of a valid search, changed in up to `changes` ways. */
export function requestOf(wanted: Wanted, changes: number, random: Random): Request {
  let { method, path } = wanted
  const query: [string, string][] = wanted.query.map(([name, value]) => [name, value])
  const headers: Record<string, string> = {}
  let rawTail = ''
  let junk: string | undefined
  for (let change = 0; change < changes; change++) {
    const at = random.below(Math.max(1, query.length))
    const pair = query[at]
    switch (random.below(14)) {
      case 0:
      case 1:
        if (pair) pair[1] = random.of(odd)
        break
      case 2:
        if (pair) pair[1] = spliced(pair[1], random)
        break
      case 3:
        if (pair)
          pair[0] = random.of([
            ...names,
            pair[0] + random.of([':exact', ':missing', ':not', ':identifier', '.name', ':', '%00']),
          ])
        break
      case 4:
        query.push([random.of(names), random.of(odd)])
        break
      case 5:
      case 6: {
        const [name, values] = random.of(controls)
        query.push([name, random.of(values)])
        break
      }
      case 7:
        if (pair) for (let times = random.of([1, 2, 30]); times > 0; times--) query.push([...pair])
        break
      case 8: // values of another parameter's type
        if (pair) query.push([pair[0], random.of(query)[1]])
        break
      case 9:
      case 10: {
        const name = random.of(Object.keys(headerValues))
        headers[name] = random.of(headerValues[name] as string[])
        break
      }
      case 11:
        path = random.of(paths)
        break
      case 12:
        rawTail = random.of([
          '&%zz=1',
          '&a=%',
          '&%00=1',
          '&a=%00',
          '&=',
          '&&&',
          '?',
          '#',
          '&a',
          '&%ff=%fe',
          '&a=%ED%A0%80',
          '&name=%F0%9F',
          '&a=b=c',
          ';x=1',
          '&_count=5&_count=6',
          '&name[]=1',
          '&name[a]=1',
        ])
        break
      case 13:
        if (random.chance(0.4)) method = random.of(methods)
        else junk = junkBody(random)
        break
    }
  }
  const encoded = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&') + rawTail
  const isForm = method === 'POST'
  if (isForm && headers['content-type'] === undefined) headers['content-type'] = form
  const hasBody = isForm || junk !== undefined
  const target = isForm || encoded === '' ? path : `${path}?${encoded}`
  return {
    method: junk !== undefined && !isForm && random.chance(0.7) ? 'POST' : method,
    target,
    headers,
    body: hasBody ? (junk ?? encoded) : undefined,
  }
}

/** A piece of something odd within a value. */
function spliced(value: string, random: Random): string {
  const at = random.below(value.length + 1)
  return value.slice(0, at) + random.of(odd).slice(0, 50) + value.slice(at + random.below(3))
}

function junkBody(random: Random): string {
  return random.of([
    '',
    '{',
    '[',
    '{}',
    'null',
    '{"resourceType":"Patient"}',
    '['.repeat(100000),
    '{"a":'.repeat(70),
    '\u0000',
    '"',
    'a=b&'.repeat(2000),
    '%',
    '%zz=%zz',
    '\uffff',
    '{"resourceType":"Bundle","type":"transaction","entry":[]}',
    '<Patient xmlns="http://hl7.org/fhir"/>',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '--x\r\n\r\n',
    'name=x',
    '_count=1',
  ])
}

function encode(text: string): string {
  // a lone surrogate cannot be encoded
  return encodeURIComponent(text.toWellFormed()).replaceAll('%2C', ',').replaceAll('%3A', ':')
}
