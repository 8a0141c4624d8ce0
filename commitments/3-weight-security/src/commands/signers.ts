import { LOCAL } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { Subcommand, Terminal, Verb } from '@avouch/core/verb'
import { z } from 'zod'
import { type PinnedSigner, signerSchema } from '../pinning/evidence.ts'
import { pinnedSigners, pinSigners } from '../pinning/pin.ts'
import { readPemCertificates } from '../signing/certificate.ts'
import { readPublicKey } from '../signing/ec-key.ts'
import { columns } from './columns.ts'
import { readSmallFile } from './given.ts'

const reason = z.string().min(1).max(2000).describe('Why; it stands in the evidence')
const pinOptions = {
  name: signerSchema.shape.name.describe('Whose it is, such as the release pipeline'),
  key: z.string().max(4096).optional().describe('The public key that signs: PEM, DER or compressed point'),
  certificate: z.string().max(4096).optional().describe('The certificate that signs (PEM)'),
  reason,
}

const pin: Subcommand = {
  summary:
    'Propose who signs models for the company: a key or a certificate; counts once two people have signed',
  options: pinOptions,
  async run({ installation, terminal, options }) {
    const { name, key, certificate, reason } = z.object(pinOptions).parse(options)
    if ((key === undefined) === (certificate === undefined))
      throw new AvouchError('usage', 'give either --key or --certificate')
    const signer: Pick<PinnedSigner, 'method' | 'signer'> =
      key !== undefined
        ? { method: 'key', signer: readPublicKey(await readSmallFile(key, '--key'), key).hint }
        : { method: 'certificate', signer: await fingerprintOf(certificate!) }
    const before = (await pinnedSigners(installation))?.signers ?? []
    const others = before.filter((one) => one.signer !== signer.signer)
    return set(installation, terminal, [...others, { name, ...signer }], reason)
  },
}

const unpin: Subcommand = {
  summary: 'Take somebody off the list of those who sign models; counts at once',
  positionals: { signer: 'The digest of the key or certificate, as the list has it' },
  options: { reason },
  async run({ installation, terminal, args, options }) {
    const before = (await pinnedSigners(installation))?.signers ?? []
    const left = before.filter(({ signer }) => signer !== args.signer)
    if (left.length === before.length)
      throw new AvouchError('not-found', 'this signer is not on the list', {
        where: args.signer!,
        fix: 'See `avouch weights signers`.',
      })
    return set(installation, terminal, left, z.object({ reason }).parse(options).reason)
  },
}

const list: Subcommand = {
  summary: 'List who signs models for the company; signatures by others do not count for 3.1',
  async run({ installation, terminal }) {
    const { signers = [], evidence = null } = (await pinnedSigners(installation)) ?? {}
    for (const line of columns([
      ['name', 'by', 'digest'],
      ...signers.map(({ name, method, signer }) => [name, method, signer]),
    ]))
      terminal.say(line)
    terminal.result({ signers, evidence })
    return signers.length > 0 ? 0 : 1
  },
}

async function set(
  installation: Installation,
  terminal: Terminal,
  signers: PinnedSigner[],
  why: string,
): Promise<0> {
  const done = await pinSigners(installation, LOCAL, { signers, reason: why })
  terminal.say(
    done.state === 'in-force'
      ? `The list stands; evidence ${done.evidence}.`
      : `Not in force yet: approval ${done.approval} waits for two people, in the console.`,
  )
  terminal.result(done)
  return 0
}

async function fingerprintOf(path: string): Promise<string> {
  const text = (await readSmallFile(path, '--certificate')).toString('latin1')
  return readPemCertificates(text, path)[0]!.fingerprint
}

/** `avouch weights signers …` */
export const signerCommands = { signers: list, 'signers pin': pin, 'signers unpin': unpin } satisfies Verb
