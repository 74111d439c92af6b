-- People with an account at a practice, whose records they may use, and who is signed in.

create table app_user (
  practice int4 not null,
  username text collate "C" not null, -- lower case
  name text not null,
  role text not null,          -- patient, guardian, clinician, administrator, auditor
  password text not null,      -- argon2id, in PHC form
  fhir_user text,              -- such as Practitioner/ID
  shown_password text,         -- of a made-up person of the sandbox, whom the sign-in page lists; else null
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  primary key (practice, username)
);

-- Whose records a patient or guardian may use: the practice's act.
create table user_patient (
  practice int4 not null,
  username text collate "C" not null,
  patient text collate "C" not null,
  kind text not null,          -- self, parent, guardian, proxy
  until date,                  -- the first day without it; null: it has no end
  primary key (practice, username, patient)
);

create table as_session (
  practice int4 not null,
  hash text collate "C" not null, -- sha256(practice, id)
  username text not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  exp timestamptz not null,
  primary key (practice, hash)
);
create index as_session_exp on as_session (practice, exp);
create index as_session_user on as_session (practice, username);

-- Failed sign-ins of the last hour.
create table sign_in_failure (
  practice int4 not null,
  subject text collate "C" not null, -- hash of the user name or of the address
  at timestamptz not null,
  id text not null,
  primary key (practice, subject, at, id)
);
create index sign_in_failure_at on sign_in_failure (practice, at);
