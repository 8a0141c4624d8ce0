/** Decoded sound: samples from −1 to 1, as many in each channel, so many a second. */
export type Samples = { channels: Float32Array[]; rate: number }

export function secondsOf({ channels, rate }: Samples): number {
  return (channels[0]?.length ?? 0) / rate
}
