/** Who signed for whom. */
export type Edge = { approver: string; holder: string }

/**
 * The ring that another signature would close: people each of whom signed for the next, the last for the first. Undefined
 * where there is none of at most `longest` people. `A` signing for `B` who signed for `A` is a ring of two.
 */
export function ringOf(edges: readonly Edge[], next: Edge, longest: number): string[] | undefined {
  if (next.approver === next.holder) return [next.approver]
  const signedFor = new Map<string, Set<string>>()
  for (const { approver, holder } of edges) {
    const holders = signedFor.get(approver) ?? new Set()
    signedFor.set(approver, holders.add(holder))
  }
  // breadth first from the holder, so that the ring found is the shortest
  let paths: string[][] = [[next.holder]]
  const seen = new Set([next.holder])
  for (let people = 2; people <= longest; people++) {
    const longer: string[][] = []
    for (const path of paths)
      for (const holder of signedFor.get(path.at(-1)!) ?? []) {
        if (holder === next.approver) return [next.approver, ...path]
        if (seen.has(holder)) continue
        seen.add(holder)
        longer.push([...path, holder])
      }
    paths = longer
  }
  return undefined
}
