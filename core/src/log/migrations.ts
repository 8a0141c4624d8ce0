import type { Migrations } from '../db/database.ts'

export const logMigrations: Migrations = {
  schema: 'log',
  steps: {
    '0001-tree': `
      -- One origin after another: a restored installation that is behind begins a new epoch.
      create table log.origin (
        epoch smallint primary key,
        name text not null,
        -- The log's verifier key (C2SP signed-note), so that readers need no private key.
        key text not null,
        opened_at timestamptz not null default now()
      );
      create table log.leaf (
        epoch smallint not null references log.origin,
        index bigint not null,
        entry bytea not null check (octet_length(entry) = 32),
        -- The evidence it commits to, all its signatures, and the key of the HMAC; the key is null once erased.
        evidence uuid not null unique,
        signatures jsonb not null,
        leaf_key bytea,
        primary key (epoch, index)
      );
      -- Hashes of full tiles: the rows of tile level 1 and above.
      create table log.node (
        epoch smallint not null references log.origin,
        level smallint not null,
        index bigint not null,
        hash bytea not null check (octet_length(hash) = 32),
        primary key (epoch, level, index)
      );
      create table log.checkpoint (
        epoch smallint not null references log.origin,
        size bigint not null,
        root bytea not null,
        -- The signed note, with cosignatures once witnesses gave them.
        note text not null,
        signed_at timestamptz not null,
        witnessed_at timestamptz,
        published_at timestamptz,
        primary key (epoch, size)
      );
      create index checkpoint_published on log.checkpoint (epoch, size) where published_at is not null;
      create index checkpoint_witnessed on log.checkpoint (epoch, size) where witnessed_at is not null;
      -- The one current head: what is below it is logged.
      create table log.head (
        one boolean primary key default true check (one),
        epoch smallint not null references log.origin,
        size bigint not null
      );
    `,
    '0002-witness': `
      -- Who witnesses this log: C2SP tlog-witness addresses with their cosignature keys, and the size each cosigned last.
      create table log.witness (
        url text primary key,
        key text not null,
        size bigint not null default 0
      );
      -- Whose logs this installation witnesses: by origin, with the head it cosigned last.
      create table log.witnessed (
        origin text primary key,
        key text not null,
        size bigint not null default 0,
        root bytea
      );
    `,
  },
}
