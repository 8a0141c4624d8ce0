/** Nothing in here is about a person: `register/privacy.test.ts` holds every column to a list. */
export const register = `
  -- Who makes content: the number that a watermark carries, and what it stands for.
  create table content_provenance.service (
    number integer primary key check (number between 1 and 65535),
    service text not null,
    model text not null,
    since timestamptz not null,
    -- The content-provenance/service/v1 that tells how it marks.
    evidence uuid,
    unique (service, model)
  );

  -- Each piece of content that was marked.
  create table content_provenance.content (
    id bytea primary key check (length(id) = 6),
    service integer not null references content_provenance.service,
    family text not null,
    kind text not null,
    -- To the minute: finer would help to find out who asked for it.
    marked_at timestamptz not null check (date_trunc('minute', marked_at) = marked_at),
    watermark boolean not null,
    width integer not null,
    height integer not null,
    -- How it looks: a hash of 256 bits with the detail it rests on, its parts for finding near ones, a layout map.
    hash bytea not null check (length(hash) = 32),
    quality smallint not null check (quality between 0 and 100),
    parts integer[] not null,
    layout bytea not null,
    -- The C2PA manifest as signed, by which others recover it where it was stripped.
    manifest_label text unique,
    manifest bytea,
    -- The content-provenance/marking/v1 that counts it.
    counted_in uuid,
    check ((manifest is null) = (manifest_label is null))
  );
  create index on content_provenance.content using gin (parts);
  create index on content_provenance.content (service, marked_at) where counted_in is null;

  -- What came in and was not marked, by day, for the counts.
  create table content_provenance.refusal (
    service integer not null references content_provenance.service,
    day date not null,
    reason text not null check (reason in ('refused', 'failed')),
    count integer not null check (count > 0),
    primary key (service, day, reason)
  );
`
