/** Types of TIFF's fields. */
const SHORT = 3
const LONG = 4
const FIELD = 12
const DIRECTORY = 8

/**
 * Samples of ink as the plainest TIFF (revision 6.0, "CMYK Images") there is: the one form in which libvips takes what is in
 * memory for ink, and not for colours with alpha.
 */
export function inkTiff(inks: Uint8Array, width: number, height: number): Buffer {
  const fields: [tag: number, type: number, count: number, value: (bits: number) => number][] = [
    [256, LONG, 1, () => width],
    [257, LONG, 1, () => height],
    // bits a sample, of four, stand behind the directory
    [258, SHORT, 4, (bits) => bits],
    [259, SHORT, 1, () => 1],
    // separated into inks
    [262, SHORT, 1, () => 5],
    [273, LONG, 1, (bits) => bits + 8],
    [277, SHORT, 1, () => 4],
    [278, LONG, 1, () => height],
    [279, LONG, 1, () => inks.length],
    [284, SHORT, 1, () => 1],
    // cyan, magenta, yellow, black
    [332, SHORT, 1, () => 1],
  ]
  const bits = DIRECTORY + 2 + fields.length * FIELD + 4
  const tiff = Buffer.alloc(bits + 8 + inks.length)
  tiff.write('II*\0', 'latin1')
  tiff.writeUInt32LE(DIRECTORY, 4)
  tiff.writeUInt16LE(fields.length, DIRECTORY)
  fields.forEach(([tag, type, count, value], index) => {
    const at = DIRECTORY + 2 + index * FIELD
    tiff.writeUInt16LE(tag, at)
    tiff.writeUInt16LE(type, at + 2)
    tiff.writeUInt32LE(count, at + 4)
    // a short value stands at the left of its four bytes, which in this order of bytes is the same
    tiff.writeUInt32LE(value(bits), at + 8)
  })
  for (let sample = 0; sample < 4; sample++) tiff.writeUInt16LE(8, bits + 2 * sample)
  tiff.set(inks, bits + 8)
  return tiff
}
