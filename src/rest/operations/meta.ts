import { refusal, seeAs } from '#access'
import type { Answer } from '#http'
import { Problem } from '#lib'
import { maySearch, searching } from '../interactions/searching.ts'
import type { RestOptions } from '../options.ts'
import { offeredTypes, onlyOffered } from '../resource-type.ts'
import { metaAnswer, metaParameters } from './labels/change-labels.ts'
import { type OperationCall, operation } from './operation.ts'

/** https://hl7.org/fhir/R4/resource-operation-meta.html */
export const meta = operation({
  code: 'meta',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta',
  documentation:
    'The meta of a resource; of a type or of all types, every profile, security label and tag that is in use among the ' +
    'resources that the access token allows to search: these are all read for it.',
  on: ['system', 'type', 'instance'],
  resources: ['Resource'],
  affectsState: false,
  parameters: {},
  out: { return: { type: 'Meta', min: 1, max: 1, documentation: 'The meta, or what is in use' } },
  examples: ['GET Patient/example/$meta', 'GET Observation/$meta', 'GET $meta'],
  run: (options, call) => (call.level === 'instance' ? ofResource(options, call) : ofTypes(options, call)),
})

async function ofResource({ storeOf, rulesOf }: RestOptions, call: OperationCall): Promise<Answer> {
  const { practice, type = '', id = '' } = call
  const who = await call.principal
  const rules = await rulesOf(practice, who)
  const see = onlyOffered(practice, seeAs(who, 'read', rules))
  if (!see(type)) throw refusal(who, 'read', type, rules)
  const found = await storeOf(practice).read(see, type, id)
  if (found.state === 'none') throw new Problem('not-found', `${type}/${id} is not known`)
  if (found.state === 'deleted') throw new Problem('gone', `${type}/${id} was deleted`)
  const { body, version, updated } = found.row
  return metaAnswer(body, version, updated)
}

async function ofTypes(options: RestOptions, call: OperationCall): Promise<Answer> {
  const { practice, type } = call
  const searcher = await searching(options, call)
  if (type !== undefined) maySearch(searcher, type)
  const types = type === undefined ? offeredTypes(practice).filter((each) => searcher.see(each)) : [type]
  if (types.length === 0) maySearch(searcher, 'Patient')
  const labels = await options.storeOf(practice).labels(searcher.see, types)
  return { body: metaParameters(JSON.stringify(labels)) }
}
