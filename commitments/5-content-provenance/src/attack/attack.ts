import type { Random } from '@avouch/core/stats'

type Described = {
  /** Small letters, digits and dashes: stands in evidence. */
  name: string
  title: string
}

type Changing = Described & {
  kind: 'change'
  family:
    | ('none' | 'compression' | 'geometry' | 'filter' | 'light' | 'damage' | 'combination' | 'regeneration')
    | ('cut' | 'speed')
  /** What is promised of the mark after it; `is lost` says so openly. */
  expected: 'survives' | 'may be lost' | 'is lost'
}

/**
 * What is done to a marked file, by accident or on purpose, to see whether the mark is read afterwards. `M` is what the
 * bench of its medium reads: pixels, samples.
 */
export type Change<M = unknown> = Changing & {
  /** A program that it takes and that is not part of this one, or an encoder of ffmpeg's: without it, it is not run. */
  needs?: 'ffmpeg' | 'libx265' | 'libvpx-vp9'
  apply(file: M, random: Random): Promise<M> | M
}

/** A change that cannot be made here, and why. It stands in every table: not run is not safe. */
export type NotRun = Changing & { notRun: string }

/**
 * What a forger or remover has at hand: files, and a service that marks what it is given. Never the key. `Made` is what
 * marking gives at once: the file, or the promise of one.
 */
export type Workshop<M, Made = M> = {
  /** As many as the attack asks for, no two alike. */
  files: readonly M[]
  mark(file: M): Made
  /** Marks under another key, as one who knows the method and guesses the key. */
  guess(file: M): Made
}

/** An attack on marking itself: to have something taken for ours that is not, or to get rid of a mark cheaply. */
export type Scheme<M = unknown, Made = M> = Described & {
  kind: 'forgery' | 'removal'
  expected: 'fails' | 'may succeed'
  /** How many files one attempt takes. */
  files: number
  attempt(workshop: Workshop<M, Made>): Promise<M> | M
}

export type Attack<M = unknown> = Change<M> | NotRun | Scheme<M>
