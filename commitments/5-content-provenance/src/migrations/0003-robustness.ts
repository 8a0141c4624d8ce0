/**
 * Runs of the robustness table that have no result yet: the key drawn for one, which marks nothing else, and each try as it
 * was executed. Removed when the result is recorded.
 */
export const robustness = `
  create table content_provenance.robustness (
    plan uuid primary key,
    key bytea not null check (length(key) = 32)
  );
  create table content_provenance.robustness_try (
    plan uuid not null references content_provenance.robustness on delete cascade,
    step text not null,
    outcome jsonb not null,
    primary key (plan, step)
  );
`
