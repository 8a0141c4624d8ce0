export const identities = `
  -- Whom a name in events stands for: a principal of an audit log, an account, a pseudonym.
  create table weight_security.identity (
    name text primary key,
    person uuid not null,
    evidence uuid not null,
    since timestamptz not null
  );
  create index on weight_security.identity (person);
`
