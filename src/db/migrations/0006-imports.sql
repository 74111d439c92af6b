-- $import (docs/import.md): files of resources that a client lets the server fetch.

-- Whether a practice lets the app do so.
alter table app_permission add column may_import boolean not null default false;

create table import (
  practice int4 not null,
  id text collate "C" not null,
  client text not null,
  state text not null,
  principal jsonb not null,
  address text not null,
  base text not null,
  sentence text,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  expires_at timestamptz,
  polled_at timestamptz,
  early_polls int4 not null default 0,
  primary key (practice, id)
);
create index import_client on import (practice, client, created_at);
create index import_expires on import (practice, expires_at) where expires_at is not null;

-- A file of an import: what came of it once it is loaded whole.
create table import_file (
  practice int4 not null,
  import text collate "C" not null,
  n int4 not null,
  type text not null,
  url text not null,
  is_done boolean not null default false,
  loaded int8 not null default 0,
  failed int8 not null default 0,
  bytes int8 not null default 0,
  -- In the file store: an OperationOutcome for each resource that was not loaded.
  errors text,
  primary key (practice, import, n)
);
