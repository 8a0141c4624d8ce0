export const access = `
  -- What a person does here, as those who may have said: it feeds the policies.
  create table weight_security.profile (
    person uuid primary key,
    team text not null,
    functions text[] not null,
    projects text[] not null,
    environments text[] not null,
    -- The newest weight-security/profile/v1 of this person: a lease ends where this is no longer that of its grant.
    evidence uuid not null,
    changed_at timestamptz not null
  );

  -- Policies that were adopted; the newest is in force.
  create table weight_security.policy (
    evidence uuid primary key,
    digest bytea not null check (length(digest) = 32),
    -- {file name: text}
    files jsonb not null,
    adopted_at timestamptz not null,
    number bigint generated always as identity
  );

  -- Somebody asks to read weights.
  create table weight_security.request (
    id uuid primary key,
    -- For whom, and who asked; null for the command line.
    holder uuid not null,
    asked_by uuid,
    model text not null,
    -- [{object, digest, segments: [from, to]}]
    objects jsonb not null,
    environment text not null,
    seconds integer not null check (seconds > 0),
    purpose text not null,
    reason text not null,
    -- Where the leases are to end with the holder's session.
    session uuid,
    -- The holder's profile and roles when it was asked.
    profile uuid not null,
    roles text[] not null,
    evidence uuid not null,
    -- Of auth.approval_request, and the grant that would be.
    approval uuid unique,
    grant_evidence uuid unique,
    state text not null check (state in ('asked', 'granted', 'refused', 'withdrawn')),
    why text,
    asked_at timestamptz not null,
    decided_at timestamptz
  );
  create index on weight_security.request (holder, asked_at);
  create index on weight_security.request (state, asked_at);

  -- One person read without approval, in an emergency.
  create table weight_security.break_glass (
    id uuid primary key,
    person uuid not null,
    model text not null,
    environment text not null,
    emergency text not null,
    evidence uuid not null unique,
    at timestamptz not null,
    review_due timestamptz not null,
    reviewed_at timestamptz,
    review_evidence uuid,
    outcome text
  );

  -- The right to read some segments of one object for a while.
  create table weight_security.lease (
    id uuid primary key,
    request uuid references weight_security.request,
    break_glass uuid references weight_security.break_glass,
    -- The weight-security/grant/v1 or break-glass/v1 it rests on, and its own weight-security/lease/v1.
    grant_evidence uuid not null,
    evidence uuid not null unique,
    object uuid not null,
    model text not null,
    digest bytea not null check (length(digest) = 32),
    first_segment bigint not null,
    last_segment bigint not null check (last_segment >= first_segment),
    holder uuid not null,
    environment text not null,
    session uuid,
    profile uuid not null,
    roles text[] not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    -- Before its time: when, why, by whom (null: by itself), and the weight-security/lease-end/v1.
    ended_at timestamptz,
    end_reason text,
    ended_by text,
    end_evidence uuid,
    check ((request is null) <> (break_glass is null))
  );
  create index on weight_security.lease (holder, ends_at);
  create index on weight_security.lease (ends_at) where ended_at is null;
  create index on weight_security.lease (ended_at) where ended_at is not null and end_evidence is null;

  -- Access as it stood when a review was opened, and what became of it, person by person.
  create table weight_security.review (
    id uuid primary key,
    opened_at timestamptz not null,
    due_at timestamptz not null,
    closed_at timestamptz
  );
  create unique index one_open_review on weight_security.review ((closed_at is null)) where closed_at is null;
  create table weight_security.review_item (
    review uuid not null references weight_security.review,
    person uuid not null,
    -- What they could do: {team, functions, projects, environments, models, leases}
    access jsonb not null,
    decision text check (decision in ('keep', 'remove')),
    decided_by uuid,
    decided_at timestamptz,
    evidence uuid,
    primary key (review, person)
  );

  -- What a person is to be told of: break-glass, reviews that are due, requests to decide.
  create table weight_security.notice (
    id uuid primary key,
    person uuid not null,
    kind text not null,
    about uuid not null,
    made_at timestamptz not null,
    seen_at timestamptz,
    unique (person, kind, about)
  );

  -- The latest moment at which a lease was looked at: a clock that stands before it was set back.
  create table weight_security.clock (
    one boolean primary key default true check (one),
    latest timestamptz not null
  );
`
