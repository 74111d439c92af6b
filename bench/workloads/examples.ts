import type { Served } from '../served.ts'

/** Values that occur in a data set of life histories, so that searches find something. */
export interface Examples {
  readonly patients: readonly string[]
  readonly families: readonly string[]
  readonly cities: readonly string[]
  readonly birthDates: readonly string[]
  readonly conditionCodes: readonly string[]
  /** LOINC codes of Observations with a quantity, with a value that occurs. */
  readonly quantities: readonly { readonly code: string; readonly value: string; readonly unit: string }[]
}

const most = 100

export async function examplesOf({ ask, number }: Served): Promise<Examples> {
  const patients = await ask<{ id: string; family: string; city: string; birthDate: string }>(
    `select id, body::jsonb #>> '{name,0,family}' as family, body::jsonb #>> '{address,0,city}' as city,
       body::jsonb ->> 'birthDate' as "birthDate"
     from resource where practice = $1 and id ~ '^p[0-9]+$' order by md5(id) limit ${most}`,
    [number],
  )
  const ofType = (type: string) => `practice = $1 and id ~ '^p[0-9]+-${type}[0-9]+$' order by md5(id) limit 5000`
  const conditions = await ask<{ code: string }>(
    `select distinct body::jsonb #>> '{code,coding,0,code}' as code
     from (select body from resource where ${ofType('cond')}) c order by code limit ${most}`,
    [number],
  )
  const quantities = await ask<{ code: string; value: string; unit: string }>(
    `select distinct on (code) code, value, unit from (
       select body::jsonb #>> '{code,coding,0,code}' as code, body::jsonb #>> '{valueQuantity,value}' as value,
         body::jsonb #>> '{valueQuantity,code}' as unit
       from (select body from resource where ${ofType('obs')}) o
     ) q where value is not null and unit is not null order by code limit ${most}`,
    [number],
  )
  return {
    patients: patients.map(({ id }) => id),
    families: distinct(patients.map(({ family }) => family)),
    cities: distinct(patients.map(({ city }) => city)),
    birthDates: distinct(patients.map(({ birthDate }) => birthDate)),
    conditionCodes: distinct(conditions.map(({ code }) => code)),
    quantities,
  }
}

function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))]
}
