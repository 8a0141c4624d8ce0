import type { ReactNode } from 'react'

/** The first eight hex digits of a digest: enough to recognise, never enough to rely on. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 8)
}

/** Evidence by its short digest; the whole digest is in its title. `label` says what kind it is. */
export function EvidenceChip({ digest, href, label }: { digest: string; href?: string; label?: ReactNode }) {
  const inside = (
    <>
      {label ?? <span className="av-hidden">Evidence</span>}
      <code>{shortDigest(digest)}</code>
    </>
  )
  return href === undefined ? (
    <span className="av-chip" title={digest}>
      {inside}
    </span>
  ) : (
    <a className="av-chip" href={href} title={digest}>
      {inside}
    </a>
  )
}

/** A whole digest, monospaced, breaking anywhere. */
export function Digest({ children }: { children: string }) {
  return <code className="av-digest">{children}</code>
}

export type Pair = { term: ReactNode; value: ReactNode; key?: string }

/** Terms and values in two columns, stacked where it is narrow. Pairs with an undefined or null value are left out. */
export function KeyValues({ pairs }: { pairs: readonly Pair[] }) {
  return (
    <dl className="av-pairs">
      {pairs.flatMap(({ term, value, key }, at) =>
        value === undefined || value === null
          ? []
          : [<dt key={`t-${key ?? at}`}>{term}</dt>, <dd key={`d-${key ?? at}`}>{value}</dd>],
      )}
    </dl>
  )
}
