/** Asks whoever runs this process for so many bytes of memory, and waits until they are free. */
type AskRoom = (bytes: number) => Promise<void>

let ask: AskRoom | undefined

/** In a content process, which has no room of its own. */
export function askRoomBy(given: AskRoom): void {
  ask = given
}

/**
 * Waits until so many bytes may be taken outside of the heap, for pixels or samples; they are given back when the job ends.
 * To be called when the header was read and before anything is decoded. Outside of a content process it returns at once.
 */
export async function roomFor(bytes: number): Promise<void> {
  await ask?.(bytes)
}
