import type { Custody, CustodyAct, CustodyNode } from '@avouch/weight-security/custody'
import { queryOptions } from '@tanstack/react-query'
import { ask } from './api.ts'

/** What the API says of custody, and of the programme against insiders. Digests are SHA-256 in hex. */
export const STEPS = [
  'train',
  'import',
  'quantise',
  'merge',
  'copy',
  'deploy',
  'retire',
] as const satisfies readonly CustodyAct['step'][]
export type StepKind = (typeof STEPS)[number]
export type { Custody, CustodyAct, CustodyNode }
/** How the programme compares with that for other secrets; words are null where they were erased. */
export type Comparison = {
  evidence: string
  at: string
  atLeast: boolean
  secrets: string | null
  statement: string | null
  gaps: string[]
  by: string | null
  /** Null where no person's passkey signed it. */
  signedBy: string | null
}

const get = <T>(key: readonly unknown[], path: string) =>
  queryOptions({ queryKey: ['weights', ...key], queryFn: () => ask<T>(`/weight-security${path}`) })

export const custodyQuestions = {
  custody: (release: string) => get<Custody>(['custody', release], `/custody/${encodeURIComponent(release)}`),
  comparison: get<{ comparison: Comparison | null }>(['comparison'], '/comparison'),
}

/** What some weights are called where they stand in a list: a name, a model of files, or the head of the digest. */
export function nameOf({ digest, name, files }: Pick<CustodyNode, 'digest' | 'name' | 'files'>): string {
  return (
    name ?? (files ? `the model of ${files} ${files === 1 ? 'file' : 'files'}` : `${digest.slice(0, 12)}…`)
  )
}
