-- The schema after all migrations; made by "node tools/write-schema.ts", compared by test/scale/schema.test.ts.

create extension pg_trgm;

create sequence resource_rid as bigint increment by 1000;

create table app (
  client text not null,
  name text not null,
  type text not null,
  state text not null,
  reason text,
  record jsonb not null,
  created_at timestamp with time zone not null default now(),
  changed_at timestamp with time zone not null default now(),
  constraint app_pkey PRIMARY KEY (client)
);

create table app_permission (
  practice integer not null,
  client text not null,
  state text not null,
  reason text,
  scopes text not null,
  types text[],
  groups text[],
  changed_at timestamp with time zone not null default now(),
  may_import boolean not null default false,
  constraint app_permission_pkey PRIMARY KEY (practice, client)
);

create table app_secret (
  client text not null,
  hash text not null,
  created_at timestamp with time zone not null default now(),
  exp timestamp with time zone,
  constraint app_secret_pkey PRIMARY KEY (client, hash)
);

create table app_user (
  practice integer not null,
  username text collate "C" not null,
  name text not null,
  role text not null,
  password text not null,
  fhir_user text,
  shown_password text,
  disabled_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  changed_at timestamp with time zone not null default now(),
  constraint app_user_pkey PRIMARY KEY (practice, username)
);

create table as_access (
  practice integer not null,
  hash text collate "C" not null,
  client text not null,
  grant_id text,
  username text,
  fhir_user text,
  scope text not null,
  context jsonb not null,
  iat timestamp with time zone not null,
  exp timestamp with time zone not null,
  constraint as_access_pkey PRIMARY KEY (practice, hash)
);
CREATE INDEX as_access_client ON as_access USING btree (practice, client);
CREATE INDEX as_access_exp ON as_access USING btree (practice, exp);
CREATE INDEX as_access_grant ON as_access USING btree (practice, grant_id) WHERE (grant_id IS NOT NULL);

create table as_code (
  practice integer not null,
  hash text collate "C" not null,
  grant_id text not null,
  client text not null,
  redirect_uri text not null,
  challenge text,
  exp timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint as_code_pkey PRIMARY KEY (practice, hash)
);
CREATE INDEX as_code_exp ON as_code USING btree (practice, exp);

create table as_grant (
  practice integer not null,
  id text collate "C" not null,
  client text not null,
  username text,
  fhir_user text,
  subject text not null,
  scope text not null,
  context jsonb not null,
  base text not null,
  nonce text,
  auth_time timestamp with time zone not null,
  access text not null,
  session text,
  launch text,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone not null default now(),
  refresh_until timestamp with time zone,
  revoked_at timestamp with time zone,
  revoked_because text,
  constraint as_grant_pkey PRIMARY KEY (practice, id)
);
CREATE INDEX as_grant_client ON as_grant USING btree (practice, client);
CREATE INDEX as_grant_last_used ON as_grant USING btree (practice, last_used_at);
CREATE INDEX as_grant_launch ON as_grant USING btree (practice, launch) WHERE (launch IS NOT NULL);
CREATE INDEX as_grant_session ON as_grant USING btree (practice, session) WHERE (session IS NOT NULL);
CREATE INDEX as_grant_user ON as_grant USING btree (practice, username);

create table as_jti (
  practice integer not null,
  client text not null,
  hash text collate "C" not null,
  exp timestamp with time zone not null,
  constraint as_jti_pkey PRIMARY KEY (practice, client, hash)
);
CREATE INDEX as_jti_exp ON as_jti USING btree (practice, exp);

create table as_launch (
  practice integer not null,
  hash text collate "C" not null,
  client text not null,
  maker text not null,
  person jsonb not null,
  context jsonb not null,
  exp timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint as_launch_pkey PRIMARY KEY (practice, hash)
);
CREATE INDEX as_launch_exp ON as_launch USING btree (practice, exp);

create table as_refresh (
  practice integer not null,
  hash text collate "C" not null,
  grant_id text not null,
  client text not null,
  scope text not null,
  exp timestamp with time zone not null,
  used_at timestamp with time zone,
  retried_at timestamp with time zone,
  successor text,
  constraint as_refresh_pkey PRIMARY KEY (practice, hash)
);
CREATE INDEX as_refresh_exp ON as_refresh USING btree (practice, exp);
CREATE INDEX as_refresh_grant ON as_refresh USING btree (practice, grant_id);

create table as_session (
  practice integer not null,
  hash text collate "C" not null,
  username text not null,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone not null default now(),
  exp timestamp with time zone not null,
  constraint as_session_pkey PRIMARY KEY (practice, hash)
);
CREATE INDEX as_session_exp ON as_session USING btree (practice, exp);
CREATE INDEX as_session_user ON as_session USING btree (practice, username);

create table as_tx (
  practice integer not null,
  hash text collate "C" not null,
  client text not null,
  params jsonb not null,
  exp timestamp with time zone not null,
  constraint as_tx_pkey PRIMARY KEY (practice, hash)
);
CREATE INDEX as_tx_exp ON as_tx USING btree (practice, exp);

create table export (
  practice integer not null,
  id text collate "C" not null,
  client text not null,
  username text,
  state text not null,
  principal jsonb not null,
  request jsonb not null,
  shape jsonb not null,
  address text not null,
  base text not null,
  same text not null,
  once text,
  t bigint,
  access text,
  open_parts integer not null default 0,
  total double precision not null default 0,
  problem text,
  sentence text,
  created_at timestamp with time zone not null default now(),
  started_at timestamp with time zone,
  began_at timestamp with time zone,
  ended_at timestamp with time zone,
  expires_at timestamp with time zone,
  polled_at timestamp with time zone,
  told_seconds double precision,
  early_polls integer not null default 0,
  pages integer[] not null default '{}'::integer[],
  constraint export_pkey PRIMARY KEY (practice, id)
);
CREATE INDEX export_client ON export USING btree (practice, client, created_at);
CREATE INDEX export_expires ON export USING btree (practice, expires_at) WHERE (expires_at IS NOT NULL);
CREATE INDEX export_queued ON export USING btree (practice) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE UNIQUE INDEX export_once ON export USING btree (practice, client, once) WHERE (once IS NOT NULL);

create table export_file (
  practice integer not null,
  export text collate "C" not null,
  seq integer not null,
  kind text not null,
  type text not null,
  name text collate "C" not null,
  stored text not null,
  encoding text,
  lines bigint not null,
  bytes bigint not null,
  stored_bytes bigint not null,
  continues_in text,
  constraint export_file_pkey PRIMARY KEY (practice, export, seq)
);
CREATE UNIQUE INDEX export_file_name ON export_file USING btree (practice, export, name);

create table export_member (
  practice integer not null,
  export text collate "C" not null,
  t bigint not null,
  key bigint not null,
  whole boolean not null,
  constraint export_member_pkey PRIMARY KEY (practice, export, t, key)
);

create table export_notice (
  practice integer not null,
  export text collate "C" not null,
  severity text not null,
  code text not null,
  sentence text not null,
  hash text collate "C" not null,
  constraint export_notice_pkey PRIMARY KEY (practice, export, hash)
);

create table export_part (
  practice integer not null,
  export text collate "C" not null,
  n integer not null,
  work jsonb not null,
  total double precision not null,
  done double precision not null default 0,
  is_done boolean not null default false,
  constraint export_part_pkey PRIMARY KEY (practice, export, n)
);

create table export_row (
  practice integer not null,
  export text collate "C" not null,
  t bigint not null,
  rtype smallint not null,
  rid bigint not null,
  constraint export_row_pkey PRIMARY KEY (practice, export, t, rtype, rid)
);

create table export_target (
  practice integer not null,
  export text collate "C" not null,
  key bigint not null,
  constraint export_target_pkey PRIMARY KEY (practice, export, key)
);

create table group_member (
  practice integer not null,
  group_rid bigint not null,
  member text not null,
  key bigint not null,
  added bigint not null,
  starts bigint,
  ends bigint,
  constraint group_member_pkey PRIMARY KEY (practice, group_rid, member)
);

create table import (
  practice integer not null,
  id text collate "C" not null,
  client text not null,
  state text not null,
  principal jsonb not null,
  address text not null,
  base text not null,
  sentence text,
  created_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  expires_at timestamp with time zone,
  polled_at timestamp with time zone,
  early_polls integer not null default 0,
  constraint import_pkey PRIMARY KEY (practice, id)
);
CREATE INDEX import_client ON import USING btree (practice, client, created_at);
CREATE INDEX import_expires ON import USING btree (practice, expires_at) WHERE (expires_at IS NOT NULL);

create table import_file (
  practice integer not null,
  import text collate "C" not null,
  n integer not null,
  type text not null,
  url text not null,
  is_done boolean not null default false,
  loaded bigint not null default 0,
  failed bigint not null default 0,
  bytes bigint not null default 0,
  errors text,
  constraint import_file_pkey PRIMARY KEY (practice, import, n)
);

create table index_date (
  practice integer not null,
  src integer not null,
  rid bigint not null,
  low bigint not null,
  high bigint not null,
  part bigint
);
CREATE INDEX index_date_rid ON index_date USING btree (practice, rid);
CREATE INDEX index_date_value ON index_date USING btree (practice, src, low, rid);

create table index_number (
  practice integer not null,
  src integer not null,
  rid bigint not null,
  low double precision not null,
  high double precision,
  unit integer,
  part bigint
);
CREATE INDEX index_number_rid ON index_number USING btree (practice, rid);
CREATE INDEX index_number_value ON index_number USING btree (practice, src, part, low, rid);

create table index_state (
  practice integer not null,
  rtype smallint not null,
  fingerprint text not null,
  constraint index_state_pkey PRIMARY KEY (practice, rtype)
);

create table index_string (
  practice integer not null,
  src integer not null,
  rid bigint not null,
  val text collate "C" not null
);
CREATE INDEX index_string_part ON index_string USING gin (val gin_trgm_ops);
CREATE INDEX index_string_rid ON index_string USING btree (practice, rid);
CREATE INDEX index_string_value ON index_string USING btree (practice, src, val, rid);

create table index_token (
  practice integer not null,
  tok bigint not null,
  dt bigint not null,
  rid bigint not null
);
CREATE INDEX index_token_order ON index_token USING btree (practice, tok, dt DESC, rid DESC);

create table installation (
  key text not null,
  value text not null,
  constraint installation_pkey PRIMARY KEY (key)
);

create table job (
  practice integer not null,
  id uuid not null,
  kind text not null,
  topic text,
  state text not null,
  payload jsonb not null,
  progress jsonb not null default '{}'::jsonb,
  sentence text,
  attempts integer not null default 0,
  lease integer not null default 0,
  due timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  constraint job_pkey PRIMARY KEY (practice, id)
);
CREATE INDEX job_due ON job USING btree (practice, due) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));
CREATE UNIQUE INDEX job_topic ON job USING btree (practice, kind, topic) WHERE ((topic IS NOT NULL) AND (state = ANY (ARRAY['waiting'::text, 'running'::text])));

create table migration (
  number integer not null,
  title text not null,
  run_at timestamp with time zone not null default now(),
  constraint migration_pkey PRIMARY KEY (number)
);

create table practice (
  id integer not null generated always as identity,
  code text not null,
  profile jsonb not null default '{}'::jsonb,
  settings jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null default now(),
  changed_at timestamp with time zone not null default now(),
  constraint practice_pkey PRIMARY KEY (id),
  constraint practice_code_key UNIQUE (code)
);

create table practice_clock (
  practice integer not null,
  high bigint not null,
  constraint practice_clock_pkey PRIMARY KEY (practice)
);

create table practice_work (
  practice integer not null,
  waiting_since timestamp with time zone,
  running integer not null default 0,
  served_at timestamp with time zone not null default '-infinity'::timestamp with time zone,
  constraint practice_work_pkey PRIMARY KEY (practice)
);

create table resource (
  practice integer not null,
  rid bigint not null,
  key bigint not null,
  patient bigint,
  dt bigint not null,
  dt_end bigint,
  upd bigint not null,
  ver integer not null,
  rtype smallint not null,
  id text collate "C" not null,
  present bit varying not null,
  toks bigint[] not null,
  body text not null,
  pad text generated always as (CASE WHEN ((octet_length(body) >= 1000) AND (octet_length(body) <= 2000)) THEN repeat(repeat(' '::text, 8), (255 - (octet_length(body) / 8))) ELSE NULL::text END) stored,
  mark smallint,
  constraint resource_pkey PRIMARY KEY (practice, rtype, rid)
) with (fillfactor=100, toast_tuple_target=128);
alter table resource alter column id set storage main;
alter table resource alter column present set storage main;
alter table resource alter column toks set storage main;
alter table resource alter column body set storage main;
alter table resource alter column pad set storage main;
CREATE INDEX resource_dt ON resource USING btree (practice, rtype, dt DESC, rid DESC);
CREATE INDEX resource_patient ON resource USING btree (practice, patient, rtype, dt DESC, rid DESC) WHERE (patient IS NOT NULL);
CREATE INDEX resource_toks ON resource USING gin (toks);
CREATE INDEX resource_upd ON resource USING btree (practice, rtype, upd DESC, rid DESC);
CREATE UNIQUE INDEX resource_key ON resource USING btree (practice, key);

create table resource_history (
  practice integer not null,
  rid bigint not null,
  key bigint not null,
  patient bigint,
  upd bigint not null,
  replaced bigint not null,
  ver integer not null,
  rtype smallint not null,
  deleted boolean not null,
  id text collate "C" not null,
  toks bigint[] not null,
  body bytea not null,
  constraint resource_history_pkey PRIMARY KEY (practice, rtype, rid, ver)
);
alter table resource_history alter column body set storage external;
CREATE INDEX resource_history_key ON resource_history USING btree (practice, key, ver DESC);
CREATE INDEX resource_history_patient ON resource_history USING btree (practice, patient, rtype, upd, rid) WHERE (patient IS NOT NULL);
CREATE INDEX resource_history_replaced ON resource_history USING btree (practice, rtype, replaced) WHERE (NOT deleted);
CREATE INDEX resource_history_upd ON resource_history USING btree (practice, rtype, upd DESC, rid DESC);

create table sign_in_failure (
  practice integer not null,
  subject text collate "C" not null,
  at timestamp with time zone not null,
  id text not null,
  constraint sign_in_failure_pkey PRIMARY KEY (practice, subject, at, id)
);
CREATE INDEX sign_in_failure_at ON sign_in_failure USING btree (practice, at);

create table signing_key (
  practice integer not null,
  number integer not null,
  kid text not null,
  private_key text not null,
  public_key jsonb not null,
  begins_at timestamp with time zone not null,
  constraint signing_key_pkey PRIMARY KEY (practice, number)
);

create table token_text (
  practice integer not null,
  tok bigint not null,
  src integer not null,
  text text collate "C" not null,
  constraint token_text_pkey PRIMARY KEY (practice, tok)
);
CREATE INDEX token_text_value ON token_text USING btree (practice, src, text);

create table unit (
  practice integer not null,
  unit integer not null,
  system text not null,
  code text not null,
  text text not null,
  constraint unit_pkey PRIMARY KEY (practice, unit)
);

create table user_patient (
  practice integer not null,
  username text collate "C" not null,
  patient text collate "C" not null,
  kind text not null,
  until date,
  constraint user_patient_pkey PRIMARY KEY (practice, username, patient)
);
