import type { Config } from '@avouch/core/config'
import { ownChains, pemOf } from './credential.ts'

/** How signatures of this installation, today's and former ones, are known: see `readManifest`. */
export async function ownSigners(
  config: Pick<Config, 'home'>,
): Promise<{ anchors: string; serials: string[] } | undefined> {
  const chains = await ownChains(config)
  if (chains.length === 0) return undefined
  return {
    anchors: chains.map((chain) => pemOf(chain.at(-1)!)).join(''),
    // X.509 shows serial numbers in hex, the C2PA library in decimal
    serials: chains.map(([signer]) => BigInt(`0x${signer!.serialNumber}`).toString()),
  }
}
