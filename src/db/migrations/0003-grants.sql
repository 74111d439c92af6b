-- What people grant to apps, and what stands for it on its way: specs/smart.md 3. Every hash is sha256(practice, value).

-- One for each launch and each consent.
create table as_grant (
  practice int4 not null,
  id text collate "C" not null,
  client text not null,
  username text,               -- null: whom the launch names has no account
  fhir_user text,
  subject text not null,       -- `sub` of the id token
  scope text not null,
  context jsonb not null,      -- Context in src/smart/tokens/access-tokens.ts
  base text not null,          -- the FHIR base that it was asked for
  nonce text,
  auth_time timestamptz not null,
  access text not null,        -- once, online, offline
  session text,                -- hash of the sign-in that online access ends with
  launch text,                 -- hash of the launch that it came from
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  refresh_until timestamptz,   -- until when it gives new tokens; null: as long as it is used
  revoked_at timestamptz,
  revoked_because text,
  primary key (practice, id)
);
create index as_grant_user on as_grant (practice, username);
create index as_grant_client on as_grant (practice, client);
create index as_grant_session on as_grant (practice, session) where session is not null;
create index as_grant_launch on as_grant (practice, launch) where launch is not null;
create index as_grant_last_used on as_grant (practice, last_used_at);

create table as_code (
  practice int4 not null,
  hash text collate "C" not null,
  grant_id text not null,
  client text not null,
  redirect_uri text not null,
  challenge text,              -- S256
  exp timestamptz not null,
  used_at timestamptz,
  primary key (practice, hash)
);
create index as_code_exp on as_code (practice, exp);

create table as_refresh (
  practice int4 not null,
  hash text collate "C" not null,
  grant_id text not null,
  client text not null,
  scope text not null,
  exp timestamptz not null,
  used_at timestamptz,
  retried_at timestamptz,      -- used once more within the grace
  successor text,              -- hash
  primary key (practice, hash)
);
create index as_refresh_grant on as_refresh (practice, grant_id);
create index as_refresh_exp on as_refresh (practice, exp);

create table as_launch (
  practice int4 not null,
  hash text collate "C" not null,
  client text not null,        -- the app that is launched
  maker text not null,         -- the client that made it
  person jsonb not null,       -- LaunchedPerson in src/smart/tokens/launch-store.ts
  context jsonb not null,      -- LaunchContext in src/smart/launch-context.ts
  exp timestamptz not null,
  used_at timestamptz,
  primary key (practice, hash)
);
create index as_launch_exp on as_launch (practice, exp);

-- A request for authorization while its person signs in, chooses and consents.
create table as_tx (
  practice int4 not null,
  hash text collate "C" not null,
  client text not null,
  params jsonb not null,       -- Pending in src/smart/tokens/tx-store.ts
  exp timestamptz not null,
  primary key (practice, hash)
);
create index as_tx_exp on as_tx (practice, exp);

create index as_access_grant on as_access (practice, grant_id) where grant_id is not null;
