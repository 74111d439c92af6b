-- Bulk Data exports (docs/decisions/0017-exports.md).

-- What has to be done to a line on its way out; null: nothing. Set when the row is written.
alter table resource add column mark int2;

-- When a member's time in a Group begins and ends, where a period says so (microseconds).
alter table group_member add column starts int8;
alter table group_member add column ends int8;

-- The versions that were current at T and are not any more.
create index resource_history_replaced on resource_history (practice, rtype, replaced) where not deleted;

create table export (
  practice int4 not null,
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
  t int8,
  access text,
  open_parts int4 not null default 0,
  total float8 not null default 0,
  problem text,
  sentence text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  began_at timestamptz,
  ended_at timestamptz,
  expires_at timestamptz,
  polled_at timestamptz,
  told_seconds float8,
  early_polls int4 not null default 0,
  pages int4[] not null default '{}',
  primary key (practice, id)
);
create index export_client on export (practice, client, created_at);
create index export_queued on export (practice) where state in ('queued', 'running');
create index export_expires on export (practice, expires_at) where expires_at is not null;
create unique index export_once on export (practice, client, once) where once is not null;

-- A share of an export's work: one job of the queue.
create table export_part (
  practice int4 not null,
  export text collate "C" not null,
  n int4 not null,
  work jsonb not null,
  total float8 not null,
  done float8 not null default 0,
  is_done boolean not null default false,
  primary key (practice, export, n)
);

-- The patients of a cohort as of T (that of the export counts; what was noted for another was begun in vain); `whole`: came into the group after _since, so that all of their record goes out.
create table export_member (
  practice int4 not null,
  export text collate "C" not null,
  t int8 not null,
  key int8 not null,
  whole boolean not null,
  primary key (practice, export, t, key)
);

-- Rows that were found as of T where their type alone does not tell.
create table export_row (
  practice int4 not null,
  export text collate "C" not null,
  t int8 not null,
  rtype int2 not null,
  rid int8 not null,
  primary key (practice, export, t, rtype, rid)
);

-- What the exported rows refer to and do not hold.
create table export_target (
  practice int4 not null,
  export text collate "C" not null,
  key int8 not null,
  primary key (practice, export, key)
);

create table export_file (
  practice int4 not null,
  export text collate "C" not null,
  seq int4 not null,
  kind text not null,
  type text not null,
  name text collate "C" not null,
  stored text not null,
  encoding text,
  lines int8 not null,
  bytes int8 not null,
  stored_bytes int8 not null,
  continues_in text,
  primary key (practice, export, seq)
);
create unique index export_file_name on export_file (practice, export, name);

-- What was left out or done otherwise than asked: lines of the error files.
create table export_notice (
  practice int4 not null,
  export text collate "C" not null,
  severity text not null,
  code text not null,
  sentence text not null,
  hash text collate "C" not null,
  primary key (practice, export, hash)
);
