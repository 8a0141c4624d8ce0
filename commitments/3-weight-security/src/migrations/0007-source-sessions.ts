export const sourceSessions = `
  -- Who took on a session of a role, for acts under it that a later file tells. Gone after three days: sessions last
  -- half a day at most.
  create table weight_security.taken_session (
    source text not null,
    -- SHA-256 of the session's key.
    digest bytea not null check (length(digest) = 32),
    names text[] not null,
    at timestamptz not null,
    primary key (source, digest)
  );
  create index on weight_security.taken_session (source, at);
`
