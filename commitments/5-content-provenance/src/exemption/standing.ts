import type { EvidenceRecord } from '@avouch/core/evidence'

/** What is exempt, of the exemptions of one release. */
export type Standing = {
  /** Exempt on the word of people who signed, one record a class. */
  inForce: EvidenceRecord[]
  /** Ended on the word of somebody who signed. */
  withdrawn: EvidenceRecord[]
  /** The newest word on their class, but nobody signed it: these exempt nothing, and end nothing. */
  unsigned: EvidenceRecord[]
}

/**
 * Reads exemptions, oldest first: for each class the newest that a person signed counts. A service or a script may say
 * what it likes of itself; what goes out unmarked is for people to answer for.
 */
export function standingExemptions(
  records: readonly EvidenceRecord[],
  signedByPerson: (record: EvidenceRecord) => boolean,
): Standing {
  const signed = new Map<string, EvidenceRecord>()
  const unsigned = new Map<string, EvidenceRecord>()
  for (const record of records) {
    const name = String(record.fields.class)
    if (!signedByPerson(record)) unsigned.set(name, record)
    else {
      signed.set(name, record)
      unsigned.delete(name)
    }
  }
  const all = [...signed.values()]
  return {
    inForce: all.filter(({ fields }) => fields.ends === false),
    // where the field was erased, nothing says any more that it goes on
    withdrawn: all.filter(({ fields }) => fields.ends !== false),
    unsigned: [...unsigned.values()],
  }
}
