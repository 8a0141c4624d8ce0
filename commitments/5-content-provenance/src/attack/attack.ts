import type { Random } from '@avouch/core/stats'
import type { Raw } from './raw.ts'

/** Raised whenever an attack changes what it does, so that tables are not compared that measured different things. */
export const ATTACKS = 'picture-attacks/v1'

type Described = {
  /** Small letters, digits and dashes: stands in evidence. */
  name: string
  title: string
}

type Changing = Described & {
  kind: 'change'
  family: 'none' | 'compression' | 'geometry' | 'filter' | 'light' | 'damage' | 'combination' | 'regeneration'
  /** What is promised of the mark after it; `is lost` says so openly. */
  expected: 'survives' | 'may be lost' | 'is lost'
}

/** What is done to a marked picture, by accident or on purpose, to see whether the mark is read afterwards. */
export type Change = Changing & { apply(picture: Raw, random: Random): Promise<Raw> | Raw }

/** A change that cannot be made here, and why. It stands in every table: not run is not safe. */
export type NotRun = Changing & { notRun: string }

/** What a forger or remover has at hand: pictures, and a service that marks what it is given. Never the key. */
export type Workshop = {
  /** As many as the attack asks for, no two alike. */
  pictures: readonly Raw[]
  mark(picture: Raw): Raw
  /** Marks under another key, as one who knows the method and guesses the key. */
  guess(picture: Raw): Raw
}

/** An attack on marking itself: to have something taken for ours that is not, or to get rid of a mark cheaply. */
export type Scheme = Described & {
  kind: 'forgery' | 'removal'
  expected: 'fails' | 'may succeed'
  /** How many pictures one attempt takes. */
  pictures: number
  attempt(workshop: Workshop): Promise<Raw> | Raw
}

export type Attack = Change | NotRun | Scheme
