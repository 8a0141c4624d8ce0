/** Sound has a length, and neither width nor height. */
export const sound = `
  alter table content_provenance.content
    alter column width drop not null,
    alter column height drop not null,
    add column milliseconds integer check (milliseconds >= 0),
    add check ((width is null) = (height is null)),
    add check (width is not null or milliseconds is not null);
`
