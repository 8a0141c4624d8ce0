import { Borders } from './borders.ts'
import { GoingOn } from './chain.ts'
import { Touching } from './continuity.ts'
import { Repeating } from './gathering.ts'
import type { Reading, Usual } from './reading.ts'
import { Tail } from './tail.ts'

/** What is known of one model: who reads it, and how it is usually read. */
export class ModelRecord implements Usual {
  readonly name: string
  /** As many as were seen: nobody tells how many there are. */
  segments = 0
  /** The most bytes that anybody read of it in one day: what its size is guessed by where no segments are told. */
  mostInADay = 0
  readonly readings = new Map<string, Reading>()
  readonly touching = new Touching()
  readonly borders = new Borders()
  readonly goingOn = new GoingOn()
  readonly repeating = new Repeating()
  /** How disjoint two readers' parts are, over all pairs that were compared; standard deviations. */
  readonly apart = new Tail(-10, 50)

  constructor(name: string) {
    this.name = name
  }
}
