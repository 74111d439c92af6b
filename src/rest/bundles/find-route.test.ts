import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Route } from '#http'
import { findRoute } from './find-route.ts'

const routes = [
  'GET /',
  'POST /',
  'GET /:type/:id',
  'PUT /:type/:id',
  'GET /:type/$lastn',
  'GET /Patient/:id/$everything',
  'GET /:type/:id/:target',
  'GET /:type/_history',
  'POST /:type/_search',
].map((line): Route => {
  const [method, path] = line.split(' ') as [Route['method'], string]
  return { method, path, interaction: line, answer: () => ({ body: '' }) }
})
const find = findRoute(routes)

for (const [method, path, interaction, named] of [
  ['GET', '', 'GET /', {}],
  ['GET', 'Patient/1', 'GET /:type/:id', { type: 'Patient', id: '1' }],
  ['HEAD', 'Patient/1', 'GET /:type/:id', { type: 'Patient', id: '1' }],
  ['PUT', 'Patient/a%2Db', 'PUT /:type/:id', { type: 'Patient', id: 'a-b' }],
  ['GET', 'Observation/$lastn', 'GET /:type/$lastn', { type: 'Observation' }],
  ['GET', 'Observation/%24lastn', 'GET /:type/$lastn', { type: 'Observation' }],
  ['GET', 'Patient/1/$everything', 'GET /Patient/:id/$everything', { id: '1' }],
  ['GET', 'Patient/1/Observation', 'GET /:type/:id/:target', { type: 'Patient', id: '1', target: 'Observation' }],
  ['GET', 'Patient/_history/', 'GET /:type/_history', { type: 'Patient' }],
] as const) {
  test(`findRoute() finds ${interaction} for ${method} "${path}"`, () => {
    const found = find(method, path)
    assert.deepEqual([found.route.interaction, found.path], [interaction, named])
  })
}

for (const [method, path, kind] of [
  ['GET', 'a/b/c/d', 'not-found'],
  ['DELETE', 'Patient/1', 'not-allowed'],
  ['GET', 'Patient/_search', 'not-allowed'],
  ['GET', 'Patient/%zz', 'incorrect'],
] as const) {
  test(`findRoute() refuses ${method} "${path}"`, () => {
    assert.throws(() => find(method, path), { kind })
  })
}
