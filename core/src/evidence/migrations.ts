import type { Migrations } from '../db/database.ts'

export const evidenceMigrations: Migrations = {
  schema: 'evidence',
  steps: {
    '0001-record': `
      create table evidence.record (
        id uuid primary key,
        accepted bigint generated always as identity,
        predicate_type text not null,
        release text,
        snapshot text,
        configuration text,
        recorded_at timestamptz not null,
        digest bytea not null unique,
        -- Canonical JSON, as text because jsonb refuses U+0000. Null once erased.
        fields text,
        salts text,
        -- The Statement until it is sealed; afterwards it lives in the envelope.
        statement bytea,
        signatures jsonb not null default '[]',
        envelope bytea,
        leaf_key bytea,
        epoch smallint,
        leaf_index bigint,
        bulk jsonb,
        attachments jsonb not null default '[]',
        supersedes uuid references evidence.record(id),
        retracts uuid references evidence.record(id),
        erased_at timestamptz,
        unique (epoch, leaf_index)
      );
      create index record_waiting on evidence.record (accepted) where leaf_index is null;
      create index record_kind on evidence.record (predicate_type, release);
      create index record_release on evidence.record (release);
      create index record_supersedes on evidence.record (supersedes) where supersedes is not null;
      create index record_retracts on evidence.record (retracts) where retracts is not null;
    `,
  },
}
