import type { Migrations } from '@avouch/core/db'

export const migrations: Migrations = {
  schema: 'public_reporting',
  steps: {
    '0001-start': `
      create table public_reporting.publication (
        sequence bigint generated always as identity primary key,
        release text not null,
        -- The report's own evidence.
        evidence uuid not null unique,
        -- SHA-256 of the covered bytes of report.html: what its evidence has as subject.
        covered bytea not null,
        tree_size bigint not null,
        folder text not null,
        figures integer not null,
        withheld integer not null,
        published_at timestamptz not null
      );
      create index on public_reporting.publication (release, sequence desc);

      -- Which evidence a publication laid open, and which of its fields.
      create table public_reporting.disclosed (
        publication bigint not null references public_reporting.publication,
        evidence uuid not null,
        pointers text[] not null,
        primary key (publication, evidence)
      );
      create index on public_reporting.disclosed (evidence);
    `,
  },
}
