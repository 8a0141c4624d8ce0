export const serving = `
  -- Limits on what is read under leases; the newest are in force.
  create table weight_security.egress_limits (
    evidence uuid primary key,
    -- {budgets: [...]}
    limits jsonb not null,
    since timestamptz not null,
    number bigint generated always as identity
  );

  -- Looser limits that wait for two people.
  create table weight_security.egress_proposal (
    approval uuid primary key,
    evidence uuid not null unique,
    limits jsonb not null,
    -- The limits that it would replace: null where there were none.
    replaces uuid
  );

  -- Bytes read under leases, in slots of five minutes.
  create table weight_security.egress_used (
    person text not null,
    environment text not null,
    model text not null,
    -- Seconds since 1970, divided by 300.
    slot bigint not null,
    bytes bigint not null,
    primary key (model, person, environment, slot)
  );
  create index on weight_security.egress_used (person, slot);
  create index on weight_security.egress_used (environment, slot);

  -- Every read of segments under a lease, and every one refused, each bound to the one before it.
  create table weight_security.read_record (
    number bigint primary key,
    at timestamptz not null,
    -- As it was given: what was refused may name a lease that never was.
    lease text not null,
    object uuid not null,
    person text not null,
    model text not null,
    bytes bigint not null,
    -- The record as its hash covers it, canonical JSON.
    entry text not null,
    -- SHA-256 of the hash before (32 zero bytes for the first) and the entry.
    hash bytea not null check (length(hash) = 32)
  );
  create index on weight_security.read_record (lease);
  create index on weight_security.read_record (person, at);
  create index on weight_security.read_record (model, at);

  -- Where the record ends; one row.
  create table weight_security.read_head (
    single boolean primary key default true check (single),
    number bigint not null,
    hash bytea not null,
    at timestamptz not null
  );

  -- Stretches of the record that stand in the log as evidence.
  create table weight_security.read_batch (
    first bigint primary key,
    last bigint not null,
    evidence uuid not null,
    sealed_at timestamptz not null
  );

  -- What an environment must show of itself before weights are opened in it.
  create table weight_security.environment (
    name text primary key,
    policy jsonb not null,
    evidence uuid not null,
    changed_at timestamptz not null
  );

  -- Looser policies that wait for two people.
  create table weight_security.environment_proposal (
    approval uuid primary key,
    evidence uuid not null unique,
    name text not null,
    policy jsonb not null,
    -- The evidence of the policy that it would replace.
    replaces uuid not null
  );

  -- A nonce that an environment was asked to put into its attestation; it counts once.
  create table weight_security.attestation_challenge (
    id uuid primary key,
    environment text not null,
    nonce bytea not null,
    made_at timestamptz not null,
    ends_at timestamptz not null,
    used_at timestamptz
  );

  -- Environments that have shown what they are. Whoever holds the token speaks for them.
  create table weight_security.attestation (
    id uuid primary key,
    environment text not null,
    -- The evidence of the policy it was held against: under another it counts no more.
    policy uuid not null,
    evidence uuid not null,
    token_hash bytea not null unique,
    made_at timestamptz not null,
    ends_at timestamptz not null
  );
`
