/** https://hl7.org/fhir/R4/location.html#positional: the distance on a sphere, computed for each Location of the practice. */
import { and, or, type Sql, sql } from '#db'
import type { Value } from '#fhir'
import type { ParameterCondition, Scope } from './scope.ts'

type Near = Extract<Value, { kind: 'near' }>

/** Mean radius of the earth. */
const radiusKilometres = 6371.0088

export function whereNear({ row }: Scope, { values }: ParameterCondition): Sql {
  const near = values.filter((value): value is Near => value.kind === 'near')
  return sql`exists (
    select 1 from (
      select (${row}.body::jsonb #>> '{position,latitude}')::float8 as latitude,
        (${row}.body::jsonb #>> '{position,longitude}')::float8 as longitude
    ) position
    where ${and([sql`latitude is not null`, or(near.map(withinReach))])}
  )`
}

/** The haversine formula; rounding may lead beyond 1, where asin() ends. */
function withinReach({ latitude, longitude, kilometres }: Near): Sql {
  return sql`2 * ${radiusKilometres}::float8 * asin(least(1, sqrt(
    sin(radians(latitude - ${latitude}::float8) / 2) ^ 2
    + cos(radians(latitude)) * cos(radians(${latitude}::float8)) * sin(radians(longitude - ${longitude}::float8) / 2) ^ 2
  ))) <= ${kilometres}::float8`
}
