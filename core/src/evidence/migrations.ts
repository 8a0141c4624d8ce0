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
        -- What was signed, to the byte; with the signatures it gives the envelope. Null once erased.
        statement bytea,
        -- Those of people; sealing puts the installation's beside them, in the leaf.
        signatures jsonb not null default '[]',
        bulk jsonb,
        attachments jsonb not null default '[]',
        supersedes uuid references evidence.record(id),
        retracts uuid references evidence.record(id),
        erased_at timestamptz
      );
      create index record_kind on evidence.record (predicate_type, release);
      create index record_release on evidence.record (release);
      create index record_supersedes on evidence.record (supersedes) where supersedes is not null;
      create index record_retracts on evidence.record (retracts) where retracts is not null;
      -- What is accepted and not yet sequenced. Sealing empties it and adds a leaf; the record itself is not rewritten.
      create table evidence.outbox (
        place bigint generated always as identity primary key,
        id uuid not null,
        -- A new origin's own leaf (2), then keys (1): a signature counts only behind the leaf that certifies its key.
        first smallint not null
      );
      create index outbox_order on evidence.outbox (first desc, place);
      create view evidence.entry as
        select r.id, r.accepted, r.predicate_type, r.release, r.snapshot, r.configuration, r.recorded_at, r.digest,
               r.fields, r.salts, r.statement, coalesce(l.signatures, r.signatures) as signatures, r.bulk,
               r.attachments, r.supersedes, r.retracts, r.erased_at, l.epoch, l.index as leaf_index, l.leaf_key, l.entry
        from evidence.record r left join log.leaf l on l.evidence = r.id;
    `,
  },
}
