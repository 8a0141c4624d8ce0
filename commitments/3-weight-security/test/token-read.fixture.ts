import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadConfig } from '@avouch/core/config'
import { AvouchError } from '@avouch/core/errors'
import { openInstallation } from '@avouch/core/open'
import commitment from '../src/index.ts'
import { openKek } from '../src/kek/open.ts'
import { openObject } from '../src/object/open.ts'
import { openToFile } from '../src/object/open-file.ts'
import { readPlaintext } from '../src/object/range.ts'
import { sealWeights } from '../src/object/seal-weights.ts'
import { listReads } from '../src/serve/store.ts'
import { underLease } from '../src/serve/under-lease.ts'
import { adoptDefaults, employee, grant } from './granted.ts'

/**
 * Reads under a lease what is sealed under a token that goes away in the middle, as one line of JSON:
 * `node token-read.fixture.ts DIR URI DATABASE`. In a process of its own, as `src/kek/token.fixture.ts` says.
 */
const [dir, uri, database] = process.argv.slice(2) as [string, string, string]
const model = 'example-model@1'
const plain = randomBytes(40 * 4000)
const config = loadConfig({
  ...{ AVOUCH_HOME: join(dir, 'home'), AVOUCH_DATABASE_URL: database, AVOUCH_LOG: 'silent' },
  AVOUCH_WEIGHTS_KEK: uri,
})
const installation = await openInstallation(config, { commitments: [commitment] })
const kek = await openKek(config)
await adoptDefaults(installation, 'example-model')
await writeFile(join(dir, 'weights.bin'), plain)
const [sealed] = await sealWeights(installation, kek, join(dir, 'weights.bin'), { model, segmentBytes: 4096 })
await kek.close()
const { object } = sealed!
const holder = await employee(installation, 'red')
const approvers: Parameters<typeof grant>[1]['approvers'] = [
  await employee(installation, 'blue'),
  await employee(installation, 'green'),
]
const [lease] = await grant(installation, { holder, approvers }, { model })
const by = await holder.principal()
const open = () =>
  openObject(installation, object, {
    authorise: underLease(installation, { lease: lease!, by, sink: 'file', host: 'desk-1' }),
  })
const move = async (from: string, to: string): Promise<void> => {
  const [token] = await readdir(from)
  await rename(join(from, token!), join(to, token!))
}
const out = join(dir, 'out.bin')
const toFile = async (): Promise<string> => {
  try {
    const opened = await open()
    await openToFile(opened, config.blobs, out).finally(() => opened.close())
    return 'done'
  } catch (error) {
    return error instanceof AvouchError ? error.code : String(error)
  }
}

const opened = await open()
const pieces: Buffer[] = []
let wentOn = 0
for await (const piece of readPlaintext(opened)) {
  if (pieces.length === 0) await move(join(dir, 'tokens'), join(dir, 'away'))
  else wentOn++
  pieces.push(Buffer.from(piece))
}
await opened.close()
const before = (await listReads(installation.db, { lease: lease! })).length
const gone = await toFile()
const left = (await readdir(dir)).filter((name) => name.startsWith('out.bin'))
const recorded = (await listReads(installation.db, { lease: lease! })).length - before
await move(join(dir, 'away'), join(dir, 'tokens'))
const back = await toFile()
console.log(
  JSON.stringify({
    whole: Buffer.concat(pieces).equals(plain),
    wentOn: wentOn > 30,
    ...{ gone, left, recorded, back },
    written: existsSync(out),
  }),
)
await installation.close()
