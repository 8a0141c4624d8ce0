import type { StandaloneSubcommand } from '@avouch/core/verb'
import { z } from 'zod'
import { makeAuthority } from '../manifest/authority.ts'
import { credentialOf, keepCredential } from '../manifest/credential.ts'
import { proveSigner } from '../manifest/signer.ts'
import { readGiven } from './given.ts'

const replace = z.boolean().default(false).describe('Sign with this from now on, instead of the present one')
const caOptions = {
  organisation: z
    .string()
    .regex(/^[^\p{Cc}]{1,64}$/u)
    .default('Example Company')
    .describe('The name that stands in the certificates'),
  replace,
}

/** `avouch content ca`: for trying out, and for companies whose certificate is still to come. */
export const caCommand: StandaloneSubcommand = {
  standalone: true,
  summary: 'Make a test authority and a certificate that signs C2PA manifests',
  options: caOptions,
  async run({ config, terminal, options }) {
    const given = z.object(caOptions).parse(options)
    const { root, signer, rootFile } = await makeAuthority(config, { ...given, now: new Date() })
    terminal.say(`Content is signed as ${given.organisation} from now on.`)
    terminal.say(`  signer  ${signer.fingerprint256}, until ${signer.validTo}`)
    terminal.say(`  root    ${root.fingerprint256}`)
    terminal.say(`          ${rootFile}`)
    terminal.say('Nobody else trusts this root: it is a test authority. Install a real certificate with')
    terminal.say('`avouch content certificate CHAIN KEY --replace` when you have one.')
    terminal.result({
      organisation: given.organisation,
      signer: signer.fingerprint256,
      root: root.fingerprint256,
      rootFile,
      validTo: new Date(signer.validTo).toISOString(),
    })
    return 0
  },
}

const certificateOptions = { replace }

/** `avouch content certificate`: a company's own certificate drops in. */
export const certificateCommand: StandaloneSubcommand = {
  standalone: true,
  summary: 'Sign manifests with your own certificate, its key in a file or in an HSM (PKCS#11)',
  positionals: {
    CHAIN: 'Certificates in PEM, the signer’s first, each signed by the next',
    KEY: 'The signer’s private key: a file in PEM, or the PKCS#11 address of one in a token (pkcs11:…)',
  },
  options: certificateOptions,
  async run({ config, terminal, args, options }) {
    const { replace: over } = z.object(certificateOptions).parse(options)
    const address = args.KEY!
    const [chain, key] = await Promise.all([
      readGiven(args.CHAIN!, 65_536),
      address.startsWith('pkcs11:') ? Buffer.from(address) : readGiven(address, 65_536),
    ])
    const credential = credentialOf(chain, key)
    await proveSigner(credential.signer, credential.chain[0]!.publicKey)
    await keepCredential(config, credential, { replace: over })
    const signer = credential.chain[0]!
    terminal.say(`Content is signed with ${signer.fingerprint256} from now on, until ${signer.validTo}.`)
    terminal.say(`  ${signer.subject.replaceAll('\n', ', ')}`)
    terminal.result({
      signer: signer.fingerprint256,
      subject: signer.subject,
      validTo: new Date(signer.validTo).toISOString(),
      certificates: credential.chain.length,
    })
    return 0
  },
}
