export const leaseMarks = `
  -- When it was marked in the blob store that a lease has ended, which whoever writes only here cannot take back.
  alter table weight_security.lease add column end_marked_at timestamptz;
  drop index weight_security.lease_ended_at_idx;
  create index on weight_security.lease (ended_at)
    where ended_at is not null and (end_evidence is null or end_marked_at is null);
`
