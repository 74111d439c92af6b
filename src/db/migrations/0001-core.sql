-- Practices, resources with their index, history, access tokens, jobs.
-- Scopes of the tables stand in src/db/tables.ts; what the columns mean in docs/architecture.md, "Storage".

create extension if not exists pg_trgm;

create table installation (
  key text primary key,
  value text not null
);

create table practice (
  id int4 generated always as identity primary key,
  code text not null unique,
  profile jsonb not null default '{}',
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
);

-- The greatest T handed out per practice (specs/scale.md part 3), in microseconds since 1970.
create table practice_clock (
  practice int4 primary key,
  high int8 not null
);

create sequence resource_rid increment by 1000;

-- Current versions: body is the exact text served.
create table resource (
  practice int4 not null,
  rid int8 not null,           -- server key, ascending in order of creation
  key int8 not null,           -- hash of practice and Type/id; reference tokens are key # the path's salt
  patient int8,                -- key of the Patient that owns the row; null when none does
  dt int8 not null,            -- low bound of the main clinical date, milliseconds; -9223372036854775808 when there is none
  dt_end int8,                 -- its high bound (exclusive); null: dt + 1 second
  upd int8 not null,           -- change stamp = meta.lastUpdated, microseconds
  ver int4 not null,
  rtype int2 not null,
  id text collate "C" not null,
  present bit varying not null, -- one bit for each path of the type: does it have a value (:missing)
  toks int8[] not null,        -- hashes of tokens, references, uris and exact strings
  body text not null,
  pad text generated always as (
    case when octet_length(body) between 1000 and 2000 then repeat(repeat(' ', 8), 255 - octet_length(body) / 8) end
  ) stored,
  primary key (practice, rtype, rid)
) with (fillfactor = 100, toast_tuple_target = 128);
-- PostgreSQL compresses what is in rows above 2 kB, no others, whatever toast_tuple_target says: blanks bring the texts
-- there for which it pays, and shrink to some twenty bytes. "main": only what fills a page leaves the row.
alter table resource
  alter column id set storage main,
  alter column present set storage main,
  alter column toks set storage main,
  alter column body set storage main,
  alter column pad set storage main;
create unique index resource_key on resource (practice, key);
create index resource_patient on resource (practice, patient, rtype, dt desc, rid desc) where patient is not null;
create index resource_dt on resource (practice, rtype, dt desc, rid desc);
create index resource_upd on resource (practice, rtype, upd desc, rid desc);
create index resource_toks on resource using gin (toks);

-- Tokens that are searched across patients in order of date (the main code of a type).
create table index_token (
  practice int4 not null,
  tok int8 not null,
  dt int8 not null,
  rid int8 not null
);
create index index_token_order on index_token (practice, tok, dt desc, rid desc);

create table index_string (
  practice int4 not null,
  src int4 not null,
  rid int8 not null,
  val text collate "C" not null -- lower case, without accents
);
create index index_string_value on index_string (practice, src, val, rid);
create index index_string_rid on index_string (practice, rid);
create index index_string_part on index_string using gin (val gin_trgm_ops);

create table index_number (
  practice int4 not null,
  src int4 not null,
  rid int8 not null,
  low float8 not null,
  high float8,                 -- null: equals low
  unit int4,                   -- hash of system and code; see unit
  part int8                    -- of a composite: token of its other part; null otherwise
);
create index index_number_value on index_number (practice, src, part, low, rid);
create index index_number_rid on index_number (practice, rid);

create table index_date (
  practice int4 not null,
  src int4 not null,
  rid int8 not null,
  low int8 not null,           -- milliseconds
  high int8 not null,          -- exclusive
  part int8
);
create index index_date_value on index_date (practice, src, low, rid);
create index index_date_rid on index_date (practice, rid);

-- Units and texts of codings that occur at a practice: few, so that they are found by name here and by hash there.
create table unit (
  practice int4 not null,
  unit int4 not null,
  system text not null,
  code text not null,
  text text not null,
  primary key (practice, unit)
);

create table token_text (
  practice int4 not null,
  tok int8 not null,
  src int4 not null,
  text text collate "C" not null,
  primary key (practice, tok)
);
create index token_text_value on token_text (practice, src, text);

-- What was current before: a row for each version that was replaced, and one for each deletion.
create table resource_history (
  practice int4 not null,
  rid int8 not null,
  key int8 not null,
  patient int8,
  upd int8 not null,
  replaced int8 not null,      -- stamp of the version after it; 9223372036854775807: none yet (a deletion that stands)
  ver int4 not null,
  rtype int2 not null,
  deleted boolean not null,
  id text collate "C" not null,
  toks int8[] not null,        -- of the last version, so that access to its tombstone can be decided
  body bytea not null,         -- zstd of the text; empty for a deletion
  primary key (practice, rtype, rid, ver)
);
alter table resource_history alter column body set storage external;
create index resource_history_key on resource_history (practice, key, ver desc);
create index resource_history_upd on resource_history (practice, rtype, upd desc, rid desc);
create index resource_history_patient on resource_history (practice, patient, rtype, upd, rid) where patient is not null;

-- When each member came into a Group.
create table group_member (
  practice int4 not null,
  group_rid int8 not null,
  member text not null,        -- reference, such as Patient/12
  key int8 not null,
  added int8 not null,         -- stamp
  primary key (practice, group_rid, member)
);

-- What a type's rows are indexed with; see src/store/index-state.ts.
create table index_state (
  practice int4 not null,
  rtype int2 not null,
  fingerprint text not null,
  primary key (practice, rtype)
);

-- Work in the background; its story stands in src/jobs/worker.ts.
create table job (
  practice int4 not null,
  id uuid not null,
  kind text not null,
  topic text,                  -- of a kind's jobs with the same topic one at most waits or runs; null: any number
  state text not null,         -- waiting, running, done, failed, cancelled
  payload jsonb not null,
  progress jsonb not null default '{}',
  sentence text,               -- why it failed, or the latest attempt did
  attempts int4 not null default 0, -- since progress was last saved
  lease int4 not null default 0, -- grows with each claim: who holds an older one can change nothing
  due timestamptz not null,    -- when it may be claimed: of a waiting job the start, of a running one the end of its lease
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (practice, id)
);
create index job_due on job (practice, due) where state in ('waiting', 'running');
create unique index job_topic on job (practice, kind, topic) where topic is not null and state in ('waiting', 'running');

-- Where a worker finds the practice whose turn it is, so that it need not walk them all.
create table practice_work (
  practice int4 primary key,
  waiting_since timestamptz,   -- the earliest due of its jobs; null: none
  running int4 not null default 0,
  served_at timestamptz not null default '-infinity'
);

-- Access tokens (specs/smart.md 3.2); hash = sha256(practice, value), base64url.
create table as_access (
  practice int4 not null,
  hash text collate "C" not null,
  client text not null,
  grant_id text,               -- null for a backend token
  username text,
  fhir_user text,
  scope text not null,
  context jsonb not null,
  iat timestamptz not null,
  exp timestamptz not null,
  primary key (practice, hash)
);
create index as_access_exp on as_access (practice, exp);
