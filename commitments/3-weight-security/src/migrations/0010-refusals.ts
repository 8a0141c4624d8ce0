export const refusals = `
  -- Refused reads in slots of five minutes, by whose hand; what is told of a slot that is over goes.
  create table weight_security.refusal (
    asker text not null,
    -- Seconds since 1970, divided by 300.
    slot bigint not null,
    count bigint not null,
    -- The last of those that stand in the record only as a number: the entry that will tell of them, without its number.
    last jsonb,
    primary key (asker, slot)
  );
  create index on weight_security.refusal (slot);
  -- What no budget looks back to is forgotten by slot.
  create index on weight_security.egress_used (slot);
`
