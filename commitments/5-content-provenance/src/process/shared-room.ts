/** One job in the room. */
export type Guest = {
  /** Asks for more bytes; `granted` is called when they are there, perhaps at once. */
  enter(bytes: number, granted: () => void): void
  /** Gives all of it back. A guest that still waits waits no more. */
  leave(): void
}

/**
 * Memory that jobs share. Who has none yet waits until it is free, in the order of asking; who asks for more than there is
 * gets it when alone; who has some is given more at once, for two that wait for each other would wait for ever.
 */
export function sharedRoom(bytes: number): { guest(): Guest } {
  const queue: { bytes: number; grant: () => void }[] = []
  let taken = 0

  function next(): void {
    while (queue.length > 0 && (taken === 0 || taken + queue[0]!.bytes <= bytes)) {
      const first = queue.shift()!
      taken += first.bytes
      first.grant()
    }
  }

  return {
    guest() {
      let own = 0
      let place: (typeof queue)[number] | undefined
      return {
        enter(more, granted) {
          if (own > 0) {
            own += more
            taken += more
            return granted()
          }
          place = {
            bytes: more,
            grant: () => {
              own = more
              place = undefined
              granted()
            },
          }
          queue.push(place)
          next()
        },
        leave() {
          if (place) queue.splice(queue.indexOf(place), 1)
          taken -= own
          own = 0
          next()
        },
      }
    },
  }
}
