import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Issued, issueRoot, issueSigner } from './certificate.ts'
import { pemOf } from './credential.ts'

const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'

/** A time-stamping authority on loopback: OpenSSL's, behind HTTP. */
export async function startAuthority(): Promise<{ url: string; asked(): number; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'avouch-tsa-'))
  const root = issueRoot('Example Stamps', new Date())
  const stamper = issueSigner(root, 'Example Stamps', [TIME_STAMPING], new Date(), { critical: true })
  const pem = ({ privateKey }: Issued): string =>
    privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const path = (name: string): string => join(folder, name)
  writeFileSync(path('signer.pem'), pemOf(stamper.certificate))
  writeFileSync(path('chain.pem'), pemOf(root.certificate))
  writeFileSync(path('key.pem'), pem(stamper))
  writeFileSync(
    path('tsa.cnf'),
    [
      '[tsa]\ndefault_tsa = one\n[one]',
      `serial = ${path('serial')}`,
      `signer_cert = ${path('signer.pem')}\ncerts = ${path('chain.pem')}\nsigner_key = ${path('key.pem')}`,
      'signer_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\ness_cert_id_alg = sha256\n',
    ].join('\n'),
  )
  let asked = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.url !== '/') return response.writeHead(404).end()
      asked++
      writeFileSync(path('query'), Buffer.concat(chunks))
      const reply = [
        'ts',
        '-reply',
        '-config',
        path('tsa.cnf'),
        '-queryfile',
        path('query'),
        '-out',
        path('reply'),
      ]
      execFileSync('openssl', reply, { stdio: 'ignore' })
      response
        .writeHead(200, { 'content-type': 'application/timestamp-reply' })
        .end(readFileSync(path('reply')))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked: () => asked,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
