import type { Migrations } from '@avouch/core/db'

/** Schema `red_teaming`: regressions; experts, their invitations and sessions, and how people rated what came of them. */
export const migrations: Migrations = {
  schema: 'red_teaming',
  steps: {
    '0001-experts': `
      create table red_teaming.expert (
        -- what evidence calls the expert; it says nothing of the person
        id uuid primary key,
        person uuid not null unique,
        -- the newest record that the expert signed
        record uuid,
        created_at timestamptz not null
      );

      create table red_teaming.invitation (
        id uuid primary key,
        expert uuid not null references red_teaming.expert,
        release text not null,
        snapshot text not null,
        configuration text not null,
        -- how the model is reached: no credentials, and never shown to the expert
        target jsonb not null,
        domains text[] not null,
        system_prompt boolean not null,
        hours_agreed real not null,
        ends_at timestamptz not null,
        ended_at timestamptz,
        evidence uuid not null,
        created_at timestamptz not null
      );
      create index on red_teaming.invitation (expert);
      create index on red_teaming.invitation (release);
    `,
    '0002-sessions': `
      create table red_teaming.session (
        id uuid primary key,
        invitation uuid not null references red_teaming.invitation,
        domains text[] not null,
        wrapped_key bytea not null,
        state text not null check (state in ('open', 'ended', 'signed', 'abandoned')),
        plan uuid not null,
        result uuid,
        started_at timestamptz not null,
        -- the last time the expert did something
        acted_at timestamptz not null,
        ended_at timestamptz,
        ended_by text check (ended_by in ('expert', 'idle', 'end-date')),
        check ((ended_at is null) = (state = 'open'))
      );
      create index on red_teaming.session (invitation);

      create table red_teaming.turn (
        session uuid not null references red_teaming.session,
        turn integer not null,
        parent integer,
        state text not null check (state in ('pending', 'answered', 'refused-by-provider', 'errored')),
        -- what was said, sealed with the session's data key; kept before the model is asked
        asked bytea not null,
        -- record, answer and the exact bytes, likewise
        answered bytea,
        leaf bytea,
        asked_at timestamptz not null,
        answered_at timestamptz,
        primary key (session, turn),
        foreign key (session, parent) references red_teaming.turn,
        check ((state = 'pending') = (answered is null)),
        check ((answered is null) = (leaf is null))
      );
      -- one question at a time
      create unique index on red_teaming.turn (session) where state = 'pending';

      create table red_teaming.finding (
        session uuid not null,
        finding integer not null,
        turn integer not null,
        domain text not null,
        severity text not null,
        verdict text not null,
        minutes real not null,
        -- title, criterion and note, sealed
        words bytea not null,
        withdrawn boolean not null default false,
        marked_at timestamptz not null,
        primary key (session, finding),
        foreign key (session, turn) references red_teaming.turn
      );

      create table red_teaming.attachment (
        session uuid not null references red_teaming.session,
        attachment integer not null,
        turn integer,
        -- where its sealed bytes are, their size and their SHA-256
        blob text not null,
        sealed_size integer not null,
        sealed_digest text not null,
        size integer not null,
        -- name, media type and SHA-256 of the file itself, sealed
        words bytea not null,
        attached_at timestamptz not null,
        primary key (session, attachment),
        foreign key (session, turn) references red_teaming.turn
      );
    `,
    // a reported flaw that campaigns ask again; its words stay in its evidence
    '0003-regressions': `
      create table red_teaming.regression (
        flaw text primary key,
        evidence uuid not null,
        -- where its evidence stands in the order of acceptance: older evidence changes nothing
        sequence bigint not null,
        state text not null check (state in ('live', 'withdrawn')),
        why text,
        made_at timestamptz not null,
        changed_at timestamptz not null,
        check ((state = 'withdrawn') = (why is not null))
      );
      create index on red_teaming.regression (evidence);
    `,
    '0004-ratings': `
      create table red_teaming.rating_round (
        id uuid primary key,
        release text not null,
        snapshot text not null,
        configuration text not null,
        -- ratings that each item needs
        raters integer not null check (raters between 2 and 10),
        seed text not null,
        state text not null check (state in ('open', 'closed')),
        wrapped_key bytea not null,
        plan uuid not null,
        result uuid,
        created_at timestamptz not null,
        closed_at timestamptz,
        check ((closed_at is null) = (state = 'open'))
      );

      create table red_teaming.rating_item (
        round uuid not null references red_teaming.rating_round,
        item integer not null,
        -- a turn that the expert marked, another turn of a session, or a campaign's attempt
        source text not null check (source in ('finding', 'turn', 'attempt')),
        session uuid references red_teaming.session,
        turn integer,
        -- the finding whose criterion it is judged by
        finding integer,
        campaign uuid,
        attempt integer,
        domain text not null,
        primary key (round, item),
        check ((source = 'attempt') = (campaign is not null and attempt is not null)),
        check ((source = 'attempt') = (session is null))
      );

      create table red_teaming.rating (
        round uuid not null,
        item integer not null,
        rater uuid not null,
        verdict text not null,
        severity smallint not null check (severity between 0 and 4),
        minutes real not null,
        -- sealed with the round's data key
        note bytea not null,
        rated_at timestamptz not null,
        primary key (round, item, rater),
        foreign key (round, item) references red_teaming.rating_item
      );

      create table red_teaming.adjudication (
        round uuid not null,
        item integer not null,
        person uuid not null,
        verdict text not null,
        severity smallint not null check (severity between 0 and 4),
        reason bytea not null,
        decided_at timestamptz not null,
        primary key (round, item),
        foreign key (round, item) references red_teaming.rating_item
      );
    `,
    // sessions in which an agent acts in a simulated world
    '0005-driving': `
      -- worlds and scenarios that the expert may let the model act in, such as office:standard; none is none
      alter table red_teaming.invitation add column worlds text[] not null default '{}';
      -- which of them it is, and, sealed, all that it is made from
      alter table red_teaming.session add column world text;
      alter table red_teaming.session add column setting bytea;
      alter table red_teaming.session add check ((world is null) = (setting is null));
      -- of its parent's steps, so many are gone on from, and not its answer; null: all of it
      alter table red_teaming.turn add column from_step integer check (from_step > 0);

      create table red_teaming.step (
        session uuid not null,
        turn integer not null,
        step integer not null check (step > 0),
        -- what the model said and called, what was answered, how far the world had come, and the exact bytes
        sealed bytea not null,
        primary key (session, turn, step),
        foreign key (session, turn) references red_teaming.turn
      );
    `,
  },
}
