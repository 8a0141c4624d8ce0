export const alerts = `
  -- One run of the detector that was kept.
  create table weight_security.detector_run (
    id uuid primary key,
    source text not null check (source in ('file', 'live')),
    -- SHA-256 of the file of events; null of a live record.
    digest bytea check (length(digest) = 32),
    method text not null,
    alerts_per_day real not null,
    from_at timestamptz,
    to_at timestamptz,
    judged bigint not null,
    evidence uuid not null,
    made_at timestamptz not null
  );
  create index on weight_security.detector_run (made_at);

  create table weight_security.alert (
    id uuid primary key,
    -- The run that raised it first.
    run uuid not null references weight_security.detector_run,
    -- SHA-256 of what it says: the same events raise the same alert, which is kept once.
    key bytea not null unique check (length(key) = 32),
    raised_at timestamptz not null,
    person text not null,
    people text[] not null,
    model text,
    score real not null,
    -- Kinds of signals, and the reasons in words.
    groups text[] not null,
    reasons text[] not null,
    window_from timestamptz not null,
    window_to timestamptz not null,
    -- What the people it is about did around it, in order.
    timeline jsonb not null,
    state text not null check (state in ('open', 'acknowledged', 'escalated', 'closed')),
    outcome text check (outcome in ('true-positive', 'benign', 'duplicate', 'exercise')),
    acknowledged_at timestamptz,
    closed_at timestamptz,
    evidence uuid,
    kept_at timestamptz not null,
    check ((state = 'closed') = (outcome is not null)),
    check ((state = 'closed') = (evidence is not null))
  );
  create index on weight_security.alert (state, score desc);
  create index on weight_security.alert (person);

  -- What somebody did about an alert, in order.
  create table weight_security.alert_act (
    alert uuid not null references weight_security.alert,
    number integer not null,
    act text not null check (act in ('acknowledged', 'explained', 'escalated', 'closed')),
    -- A person's id, or what acted for them.
    by text not null,
    words text,
    at timestamptz not null,
    primary key (alert, number)
  );

  -- What share of each model each person had read in the 90 days before the end of the newest run that saw it.
  create table weight_security.coverage (
    model text not null,
    person text not null,
    run uuid not null references weight_security.detector_run,
    share real not null,
    as_of timestamptz not null,
    primary key (model, person)
  );

  -- What nobody has reason to touch. Its value never leaves this table; evidence holds a digest of it.
  create table weight_security.bait (
    id uuid primary key,
    kind text not null check (kind in ('lease', 'model', 'segments', 'sink', 'host', 'person')),
    value text not null,
    evidence uuid not null,
    placed_at timestamptz not null,
    removed_at timestamptz
  );
  create unique index on weight_security.bait (kind, value) where removed_at is null;
`
