/**
 * Every table with its scope (specs/scale.md part 3): `practice` rows belong to one practice and lead every unique index
 * with it; `shared` tables are small and read everywhere; `platform` tables are the installation's own.
 */
export const tables = {
  installation: 'platform',
  migration: 'platform',
  practice: 'shared',
  practice_work: 'platform',
  practice_clock: 'practice',
  resource: 'practice',
  resource_history: 'practice',
  index_token: 'practice',
  index_string: 'practice',
  index_number: 'practice',
  index_date: 'practice',
  index_state: 'practice',
  unit: 'practice',
  token_text: 'practice',
  group_member: 'practice',
  job: 'practice',
  app: 'platform',
  app_secret: 'platform',
  app_permission: 'practice',
  as_access: 'practice',
  as_jti: 'practice',
  as_grant: 'practice',
  as_code: 'practice',
  as_refresh: 'practice',
  as_launch: 'practice',
  as_tx: 'practice',
  signing_key: 'practice',
} as const satisfies Record<string, 'practice' | 'shared' | 'platform'>
