import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { charthouse, folder } from '../cli/command.ts'
import { testDatabase } from '../support/database.ts'

test('group add, list and remove', async () => {
  await using data = await folder()
  await using database = await testDatabase()
  const environment = { DATA_DIR: join(data.path, 'data'), DATABASE_URL: database.url }
  const run = (...args: string[]) => charthouse([...args, '--practice', 'north'], environment)
  const printed = async (...args: string[]) => {
    const { status, out, err } = await run(...args)
    assert.equal(status, 0, err)
    return out
  }
  await charthouse(['practice', 'add', 'north'], environment)
  const patients = join(data.path, 'patients.ndjson')
  const patient = (id: string, mrn: string) =>
    JSON.stringify({ resourceType: 'Patient', id, identifier: [{ system: 'urn:mrn', value: mrn }] })
  writeFileSync(patients, [patient('a', '1'), patient('b', '2,2'), patient('c', '3'), patient('d', '3')].join('\n'))
  await printed('import', patients)
  const add = (name: string, ...args: string[]) => ['group', 'add', '--name', name, ...args] as const

  assert.match(await printed('group', 'list'), /There is no group yet/)
  const list = join(data.path, 'list.csv')
  writeFileSync(list, 'name,who\nx,urn:mrn|1\n"y, z","urn:mrn|2,2"\nagain,a\n')
  const listed = ['--id', 'INF-101', '--file', list, '--column', 'who'] as const
  assert.equal(await printed(...add('Listed', ...listed)), 'created: Group/INF-101, 2 listed\n')
  assert.equal((await run(...add('Listed', ...listed))).status, 1)
  assert.match(await printed(...add('Listed', ...listed, '--replace', '--member', 'c')), /updated: .* 3 listed/)
  assert.match(await printed(...add('Children', '--id', 'kids', '--age', '5-18')), /Group\/kids, by a rule/)
  assert.equal(await printed('group', 'list'), 'kids  by a rule  Children\nINF-101  3 listed  Listed\n')

  writeFileSync(list, 'who\nurn:mrn|3\nurn:mrn|9\nnobody\n?\n')
  const faulty = await run(...add('Faulty', '--id', 'faulty', '--file', list, '--column', 'who'))
  assert.equal(faulty.status, 2)
  const told = faulty.err.replaceAll(list, 'FILE')
  assert.equal(
    told,
    'Nothing is changed:\nFILE, line 2: several Patients have this identifier\nFILE, line 3: no Patient has this identifier\n' +
      'FILE, line 4: no Patient of this id is stored\nFILE, line 5: neither an id, nor Type/id, nor an identifier written system|value\n',
  )
  for (const [args, sentence] of [
    [['--age', 'old'], /--age takes 5-18/],
    [['--age', '18-5'], /from 18 up to, not including, 5/],
    [['--gender', 'f'], /--gender takes /],
    [['--condition', '44054006'], /--condition takes system\|code/],
    [['--age', '5-', '--member', 'a'], /A group has a list .* or a rule/],
    [[], /A group has a list/],
    [['--file', list, '--column', 'x'], /has no column "x"/],
  ] as const) {
    assert.match((await run(...add('Faulty', ...args))).err, sentence)
  }

  assert.equal(await printed('group', 'remove', 'kids'), 'removed: Group/kids\n')
  assert.match((await run('group', 'remove', 'kids')).err, /There is no Group\/kids at north/)
  await charthouse(['practice', 'settings', 'north', 'dialect=integra'], environment)
  assert.match(await printed('group', 'list'), /517483350 {2}by a rule {2}Age 55 and over/)
  assert.match((await run('group', 'remove', '517483350')).err, /belongs to every practice of the dialect integra/)
})
