import { lstat, open, rename, rm } from 'node:fs/promises'
import type { Config } from '@avouch/core/config'
import { AvouchError } from '@avouch/core/errors'
import type { Logged } from '@avouch/core/evidence'
import type { StandaloneSubcommand, Terminal } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { z } from 'zod'
import { readPemCertificates } from '../signing/certificate.ts'
import { readPrivateKey } from '../signing/ec-key.ts'
import type { Manifest } from '../signing/manifest.ts'
import { shown } from '../signing/resource-name.ts'
import { type HashingOptions, hashModel, type Signed, type Signer, signManifest } from '../signing/sign.ts'
import { progressBytes, readSmallFile } from './given.ts'
import { within } from './within.ts'

const signOptions = {
  key: z.string().min(1).describe('The private key that signs: PEM, on P-256, P-384 or P-521'),
  out: z.string().min(1).describe('The signature to write, such as model.sig; it must not be there yet'),
  passphraseVariable: z
    .string()
    .max(200)
    .optional()
    .describe('Name of the environment variable that holds the passphrase of the key'),
  certificate: z.string().optional().describe('The certificate of the key (PEM), to sign by certificate'),
  chain: z
    .array(z.string())
    .max(32)
    .optional()
    .describe('Certificates between it and a root (PEM); may be repeated'),
  shards: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 50)
    .optional()
    .describe('Bytes a shard; default: one digest a file'),
  ignore: z
    .array(z.string().min(1))
    .max(1000)
    .optional()
    .describe('A path inside the model to leave out; may be repeated'),
  allowSymlinks: z
    .boolean()
    .default(false)
    .describe('Follow links to files inside the model; default: refuse'),
  model: z
    .string()
    .max(201)
    .regex(/^[^\s@]+@[^\s@]+$/, 'a release is written NAME@VERSION')
    .optional()
    .describe('The release it is, NAME@VERSION: the signature is recorded as evidence about it'),
}

/** `avouch weights sign`. */
export const signCommand: StandaloneSubcommand = {
  standalone: true,
  summary: 'Sign a model as OpenSSF Model Signing v1.0, a folder, one file, or what stands sealed',
  positionals: { 'DIR?': 'The folder or the file of the model; without it, what stands sealed as --model' },
  options: signOptions,
  async run({ terminal, args, options, config, signal }) {
    const given = z.object(signOptions).parse(options)
    await refuseTaken(given.out)
    const signer = await signerOf(given)
    const manifest =
      args.DIR === undefined
        ? await sealedManifest(config, given)
        : await hashModel(args.DIR, hashing(given, terminal, signal))
    const signed = signManifest(manifest, signer)
    await writeNew(given.out, signed.bundle)
    const logged = given.model && (await recordIt(config, signed, signer, given.model))
    const { resources, serialization } = manifest
    const how = serialization.method === 'files' ? 'file' : 'shard'
    terminal.say(
      `Signed ${counted(resources.length, how)} of ${shown(manifest.model)} in ${shown(given.out)}.`,
    )
    terminal.say(`  model    sha256:${signed.subjectDigest}`)
    terminal.say(
      signer.certificate
        ? `  by       certificate ${signer.certificate.fingerprint}`
        : `  by       key ${signer.key.public.hint} (${signer.key.public.curve})`,
    )
    terminal.say(`  ignored  ${serialization.ignored.map(shown).join(', ')}`)
    if (logged) terminal.say(`Recorded as evidence ${logged.id}, leaf ${logged.index}.`)
    if (logged && !logged.isPinned)
      terminal.say(
        'It counts for 3.1 once two people have signed for its signer: avouch weights signers pin.',
      )
    terminal.result({
      signature: given.out,
      model: manifest.model,
      subjectDigest: signed.subjectDigest,
      method: signer.certificate ? 'certificate' : 'key',
      signer: signer.certificate?.fingerprint ?? signer.key.public.hint,
      serialization,
      resources: resources.length,
      evidence: logged ? logged.id : null,
    })
    return 0
  },
}

type Given = z.infer<z.ZodObject<typeof signOptions>>

async function signerOf({ key, passphraseVariable, certificate, chain = [] }: Given): Promise<Signer> {
  const passphrase = passphraseVariable === undefined ? undefined : process.env[passphraseVariable]
  if (passphraseVariable !== undefined && passphrase === undefined)
    throw new AvouchError('usage', `the environment has no variable ${shown(passphraseVariable)}`, {
      where: '--passphrase-variable',
      fix: 'Set it to the passphrase of the key.',
    })
  const signer: Signer = { key: readPrivateKey(await readSmallFile(key, '--key'), key, passphrase) }
  if (certificate === undefined) {
    if (chain.length > 0)
      throw new AvouchError('usage', '--chain goes with --certificate', {
        fix: 'Name the certificate of the key with --certificate.',
      })
    return signer
  }
  const read = async (path: string, option: string) =>
    readPemCertificates((await readSmallFile(path, option)).toString('latin1'), path)
  const [own, ...rest] = await read(certificate, '--certificate')
  const between = (await Promise.all(chain.map((path) => read(path, '--chain')))).flat()
  return { ...signer, certificate: own, chain: [...rest, ...between] }
}

function hashing(given: Given, terminal: Terminal, signal: AbortSignal): HashingOptions {
  return {
    shardSize: given.shards,
    ignore: [...(given.ignore ?? []), given.out],
    allowSymlinks: given.allowSymlinks,
    progress: progressBytes(terminal, 'Hashing'),
    signal,
  }
}

async function sealedManifest(config: Config, given: Given): Promise<Manifest> {
  const { model, shards, ignore, allowSymlinks } = given
  if (model === undefined)
    throw new AvouchError(
      'usage',
      'say what to sign: a folder or a file, or --model for what stands sealed',
      {
        fix: 'Run `avouch weights sign --help`.',
      },
    )
  if (shards !== undefined || ignore !== undefined || allowSymlinks)
    throw new AvouchError('usage', '--shards, --ignore and --allow-symlinks go with a folder', {
      fix: 'What stands sealed is signed whole, by the digests that sealing found.',
    })
  const { manifestOfSealed } = await import('../signing/record.ts')
  return within(config, (installation) => manifestOfSealed(installation, model))
}

async function recordIt(
  config: Config,
  { bundle }: Signed,
  { key, certificate }: Signer,
  release: string,
): Promise<Logged & { isPinned: boolean }> {
  const { recordSignature } = await import('../signing/record.ts')
  const { pinnedSigners } = await import('../pinning/pin.ts')
  return within(config, async (installation) => {
    const logged = await recordSignature(installation, Buffer.from(bundle), key.public, release)
    const signer = certificate?.fingerprint ?? key.public.hint
    const list = (await pinnedSigners(installation))?.signers ?? []
    return { ...logged, isPinned: list.some((one) => one.signer === signer) }
  })
}

/** Found out before hours of hashing, not after. */
async function refuseTaken(path: string): Promise<void> {
  const taken = await lstat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    throw unwritable(path, cause)
  })
  if (taken)
    throw new AvouchError('conflict', `${shown(path)} is there already`, {
      where: '--out',
      fix: 'Choose a name that is not taken, or remove it.',
    })
}

function unwritable(path: string, cause: NodeJS.ErrnoException): AvouchError {
  return new AvouchError('disk', `${shown(path)} cannot be written: ${cause.code}`, {
    where: shown(path),
    fix: cause.code === 'EEXIST' ? 'Choose a name that is not taken.' : 'Check the folder.',
    cause,
  })
}

/** Whole or not at all: written beside, and linked under its name only when it is on the disk. */
async function writeNew(path: string, text: string): Promise<void> {
  const refuse = (cause: NodeJS.ErrnoException): never => {
    throw unwritable(path, cause)
  }
  const claimed = await open(path, 'wx', 0o644).catch(refuse)
  const part = `${path}.part-${process.pid}`
  try {
    const file = await open(part, 'wx', 0o644)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, path)
  } catch (cause) {
    await rm(part, { force: true })
    await rm(path, { force: true })
    refuse(cause as NodeJS.ErrnoException)
  } finally {
    await claimed.close()
  }
}
