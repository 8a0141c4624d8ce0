export const sources = `
  -- One file of an audit log that was taken in, under one mapping: it is not read again.
  create table weight_security.taken_file (
    source text not null,
    digest bytea not null check (length(digest) = 32),
    -- SHA-256 of the mapping's file.
    mapping bytea not null check (length(mapping) = 32),
    bytes bigint not null,
    taken_at timestamptz not null,
    primary key (source, digest, mapping)
  );

  -- One act on weights, or a login, that an audit log told.
  create table weight_security.taken_event (
    source text not null,
    -- The log's own id of it.
    event_id text not null,
    at timestamptz not null,
    person text not null,
    role text,
    team text,
    host text,
    environment text,
    action text not null,
    model text,
    first_segment bigint,
    last_segment bigint check (last_segment >= first_segment),
    bytes bigint,
    sink text,
    outcome text,
    -- How it is known which segments a read was of; null of what read nothing.
    told text check (told in ('range', 'whole', 'part', 'untold', 'key')),
    -- The model's segments that the object is.
    object_first bigint,
    object_last bigint,
    encryption text,
    -- Nobody the mapping knows: person is the log's own name.
    unmapped boolean not null,
    workload boolean not null,
    mapping bytea not null,
    taken_at timestamptz not null,
    primary key (source, event_id)
  );
  create index on weight_security.taken_event (at, source, event_id);
  create index on weight_security.taken_event (model, at);
  create index on weight_security.taken_event (person, at);

  -- What a log told of people themselves.
  create table weight_security.taken_personnel (
    source text not null,
    event_id text not null,
    at timestamptz not null,
    person text not null,
    event text not null,
    role text,
    team text,
    mapping bytea not null,
    taken_at timestamptz not null,
    primary key (source, event_id)
  );
  create index on weight_security.taken_personnel (at);

  -- How many segments the mapped objects of a model have, by the newest mapping that told.
  create table weight_security.source_model (
    model text primary key,
    segments bigint not null check (segments > 0),
    segment_bytes bigint not null check (segment_bytes > 0),
    mapping bytea not null,
    told_at timestamptz not null
  );
`
