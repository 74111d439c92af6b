-- Apps, what practices permit them, and what the authorization server issues; docs/decisions/0012-authorization-server.md.

create table app (
  client text primary key,
  name text not null,
  type text not null,          -- public, symmetric, asymmetric, backend
  state text not null,         -- draft, in-review, sandbox, approved, rejected, suspended, retired
  reason text,
  record jsonb not null,       -- what it registered: AppRecord in src/platform/app.ts
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
);

create table app_secret (
  client text not null,
  hash text not null,          -- sha256(client, secret), base64url
  created_at timestamptz not null default now(),
  exp timestamptz,             -- null: until another takes its place
  primary key (client, hash)
);

-- The practice's word on an app; no row: the app is disabled there.
create table app_permission (
  practice int4 not null,
  client text not null,
  state text not null,         -- disabled, enabled, suspended
  reason text,
  scopes text not null,
  types text[],                -- null: every type
  groups text[],               -- that it may export; null: everybody's data
  changed_at timestamptz not null default now(),
  primary key (practice, client)
);

create index as_access_client on as_access (practice, client);

-- Assertions that were used, until they could not be used any more (RFC 7523 3, item 7).
create table as_jti (
  practice int4 not null,
  client text not null,
  hash text collate "C" not null, -- sha256 of jti, which clients choose, base64url
  exp timestamptz not null,
  primary key (practice, client, hash)
);
create index as_jti_exp on as_jti (practice, exp);

-- The keys that sign id tokens, in order: the newest that has begun signs, the one after it is published already.
create table signing_key (
  practice int4 not null,
  number int4 not null,
  kid text not null,
  private_key text not null,   -- PKCS #8
  public_key jsonb not null,   -- JWK
  begins_at timestamptz not null,
  primary key (practice, number)
);
