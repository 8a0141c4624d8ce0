/**
 * Gives back the memory of arrays of samples that nobody needs any more, at once. The collector would find them too, but
 * megabytes outside of its heap make it search all of it, several times a picture, which costs as much as decoding one.
 * An array that shares its memory with others is left alone.
 */
export function release(...arrays: Uint8Array[]): void {
  for (const { buffer, byteLength } of arrays)
    if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength && !buffer.detached)
      buffer.transfer(0)
}
