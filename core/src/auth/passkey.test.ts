import { verifyEnvelope } from '@avouch/verify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import type { Database } from '../db/database.ts'
import { testDatabase } from '../testing/index.ts'
import type { Credential } from './credential.ts'
import { beginEnrolment, finishEnrolment } from './enrolment.ts'
import {
  createOwnerLink,
  hasOwner,
  invite,
  inviteAgain,
  OWNER_LINK_MS,
  readInvitation,
} from './invitation.ts'
import { authMigrations } from './migrations.ts'
import { listPasskeys, revokePasskey } from './passkey.ts'
import { disablePerson, setRoles } from './people.ts'
import { relyingParty } from './relying-party.ts'
import { findSession } from './session.ts'
import { beginSignIn, beginStepUp, finishSignIn, finishStepUp } from './sign-in.ts'
import { beginSigning, finishSigning } from './signing.ts'
import type { AuthContext } from './store.ts'
import { type Bent, softwareAuthenticator, testPerson } from './testing.ts'

const ORIGIN = 'https://avouch.example.com'
let db: Database
let clock: number
let context: AuthContext

beforeAll(async () => {
  db = await testDatabase([authMigrations])
  clock = Date.parse('2026-01-01T00:00:00Z')
  context = { db, config: loadConfig({ AVOUCH_URL: ORIGIN }), now: () => new Date(clock) }
})
afterAll(() => db.close())

describe('the first start', () => {
  it('lets the owner in once, by a link that lives an hour', async () => {
    expect(await hasOwner(context)).toBe(false)
    const both = await Promise.all([createOwnerLink(context), createOwnerLink(context)])
    expect(both[0].person.id).toBe(both[1].person.id)
    const alive = await Promise.allSettled(both.map((it) => readInvitation(context, it.token)))
    expect(alive.filter((it) => it.status === 'fulfilled')).toHaveLength(1)
    const lost = await createOwnerLink(context)
    const late = await createOwnerLink(context)
    await expect(readInvitation(context, lost.token)).rejects.toMatchObject({ code: 'unauthenticated' })
    clock += OWNER_LINK_MS
    await expect(beginEnrolment(context, { invitation: late.token })).rejects.toMatchObject({
      code: 'unauthenticated',
    })

    const link = await createOwnerLink(context)
    expect(link.url).toBe(`${ORIGIN}/console/enrol#${link.token}`)
    expect(link.person.id).toBe(late.person.id)
    const authenticator = softwareAuthenticator(ORIGIN)
    const begun = await beginEnrolment(context, { invitation: link.token })
    const again = await beginEnrolment(context, { invitation: link.token })
    const heard: Credential[] = []
    const { person, credential } = await finishEnrolment(
      context,
      { ceremony: begun.ceremony, response: authenticator.create(begun.options), label: 'laptop' },
      async (_tx, it) => void heard.push(it),
    )
    expect(person).toMatchObject({ state: 'active', roles: ['owner'] })
    expect(heard).toEqual([credential])
    expect(credential).toMatchObject({ rpId: 'avouch.example.com', origin: ORIGIN })
    expect(credential.publicKey).toHaveLength(65)
    expect(await hasOwner(context)).toBe(true)
    await expect(createOwnerLink(context)).rejects.toMatchObject({ code: 'conflict' })
    const second = softwareAuthenticator(ORIGIN)
    await expect(
      finishEnrolment(context, {
        ceremony: again.ceremony,
        response: second.create(again.options),
        label: 'x',
      }),
    ).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('keeps only the hash of a link', async () => {
    const { token } = await invite(context, { name: 'Example Reader', roles: ['reader'] })
    const { rows } = await db.pool.query('select i::text as row from auth.invitation i')
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(token).toString('hex'))
  })

  it('enrols nothing where the log cannot hear of it', async () => {
    const { token } = await invite(context, { name: 'Example Unlucky', roles: ['reader'] })
    const authenticator = softwareAuthenticator(ORIGIN)
    const begun = await beginEnrolment(context, { invitation: token })
    const answer = { ceremony: begun.ceremony, response: authenticator.create(begun.options), label: 'x' }
    await expect(
      finishEnrolment(context, answer, async () => {
        throw new Error('no log')
      }),
    ).rejects.toThrow('no log')
    expect((await readInvitation(context, token)).person.state).toBe('invited')
  })
})

describe('signing in', () => {
  it('opens a stepped-up session and rotates its token on step-up', async () => {
    const { person, answer } = await testPerson(context, ['auditor'])
    const started = await finishSignIn(context, answer(await beginSignIn(context)))
    expect(await findSession(context, started.token)).toMatchObject({ person: { id: person.id } })
    clock += 10 * 60_000
    const raised = await finishStepUp(
      context,
      { id: started.session.id, personId: person.id },
      answer(await beginStepUp(context, person.id)),
    )
    expect(raised.session.steppedUpAt).toEqual(new Date(clock))
    expect(raised.session.expiresAt).toEqual(started.session.expiresAt)
    expect(await findSession(context, started.token)).toBeUndefined()
    expect(await findSession(context, raised.token)).toBeDefined()
  })

  const bent: [string, Bent][] = [
    ['another origin', { origin: 'https://avouch.example.net' }],
    ['another relying party', { rpId: 'example.net' }],
    ['no user verification', { userVerified: false }],
    ["another site's frame", { crossOrigin: true }],
    ['another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['a counter that went back', { counter: 1 }],
  ]
  it.each(bent)('refuses %s', async (_name, how) => {
    const { authenticator, answer } = await testPerson(context, ['reader'])
    await finishSignIn(context, answer(await beginSignIn(context)))
    const asking = await beginSignIn(context)
    const response = authenticator.get(asking.options, how)
    await expect(finishSignIn(context, { ceremony: asking.ceremony, response })).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    if (how.counter === undefined) {
      const register = await beginEnrolment(context, {
        invitation: (await invite(context, { name: 'X', roles: [] })).token,
      })
      const made = softwareAuthenticator(ORIGIN).create(register.options, how)
      await expect(
        finishEnrolment(context, { ceremony: register.ceremony, response: made, label: 'x' }),
      ).rejects.toMatchObject({ code: 'unauthenticated' })
    }
  })

  it('refuses a forged signature, a replay, a late answer and a ceremony of another kind', async () => {
    const { person, authenticator, answer } = await testPerson(context, ['reader'])
    const refused = { code: 'unauthenticated' }
    const first = await beginSignIn(context)
    const response = authenticator.get(first.options)
    const forged = structuredClone(response)
    const signature = Buffer.from(forged.response.signature, 'base64url')
    signature[signature.length - 1]! ^= 1
    forged.response.signature = signature.toString('base64url')
    await expect(finishSignIn(context, { ceremony: first.ceremony, response: forged })).rejects.toMatchObject(
      refused,
    )
    await expect(finishSignIn(context, { ceremony: first.ceremony, response })).rejects.toMatchObject(refused)

    const used = answer(await beginSignIn(context))
    await finishSignIn(context, used)
    await expect(finishSignIn(context, used)).rejects.toMatchObject(refused)

    const late = answer(await beginSignIn(context))
    clock += 5 * 60_000
    await expect(finishSignIn(context, late)).rejects.toMatchObject(refused)
    await expect(finishSignIn(context, answer(await beginStepUp(context, person.id)))).rejects.toMatchObject(
      refused,
    )
  })

  it('refuses a step-up with someone else’s passkey', async () => {
    const mine = await testPerson(context, ['reader'])
    const theirs = await testPerson(context, ['reader'])
    const { session } = await finishSignIn(context, mine.answer(await beginSignIn(context)))
    const asking = await beginStepUp(context, mine.person.id)
    await expect(
      finishStepUp(context, { id: session.id, personId: mine.person.id }, theirs.answer(asking)),
    ).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('refuses a revoked passkey and a disabled person, whose sessions end at once', async () => {
    const { person, answer, credential } = await testPerson(context, ['reader'])
    const { token } = await finishSignIn(context, answer(await beginSignIn(context)))
    const [passkey] = await listPasskeys(context, person.id)
    await revokePasskey(context, person.id, passkey!.id)
    const { rows } = await db.pool.query<{ note: { credential?: { keyid: string } } }>(
      'select note from auth.revocation',
    )
    expect(rows.map((row) => row.note.credential?.keyid)).toContain(credential.keyid)
    await expect(finishSignIn(context, answer(await beginSignIn(context)))).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    await disablePerson(context, person.id)
    expect(await findSession(context, token)).toBeUndefined()
    await expect(inviteAgain(context, person.id)).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('a person’s signature', () => {
  it('is checked by the verifier as a DSSE signature, and for no other bytes', async () => {
    const { person, credential, answer } = await testPerson(context, ['release-lead'])
    const payload = Buffer.from('{"decision":"ship"}')
    const type = 'application/vnd.in-toto+json'
    const { pae } = await import('@avouch/verify')
    const signature = await finishSigning(
      context,
      person.id,
      pae(type, payload),
      answer(await beginSigning(context, person.id, pae(type, payload))),
    )
    const envelope = (bytes: Uint8Array) => ({
      payloadType: type,
      payload: new Uint8Array(bytes),
      signatures: [{ keyid: signature.keyid, sig: new Uint8Array(Buffer.from(signature.sig, 'base64')) }],
    })
    const key = { algorithm: 'webauthn-es256' as const, ...credential }
    expect(await verifyEnvelope(envelope(payload), [key])).toEqual([key])
    await expect(verifyEnvelope(envelope(Buffer.from('{"decision":"hold"}')), [key])).rejects.toThrow()

    const asking = await beginSigning(context, person.id, pae(type, payload))
    await expect(
      finishSigning(context, person.id, pae(type, Buffer.from('other')), answer(asking)),
    ).rejects.toMatchObject({ code: 'unauthenticated' })
  })
})

describe('owners and addresses', () => {
  it('never leaves the installation without an owner', async () => {
    const { rows } = await db.pool.query<{ id: string }>(
      "select id from auth.person where state = 'active' and roles @> '{owner}'",
    )
    expect(rows).toHaveLength(1)
    const owner = rows[0]!.id
    await expect(setRoles(context, owner, ['reader'])).rejects.toMatchObject({ code: 'conflict' })
    await expect(disablePerson(context, owner)).rejects.toMatchObject({ code: 'conflict' })
    await testPerson(context, ['owner'])
    expect(await setRoles(context, owner, ['reader'])).toMatchObject({ roles: ['reader'] })
  })

  it('says which addresses passkeys work at', () => {
    expect(relyingParty({ url: 'http://localhost:4600' })).toEqual({
      rpId: 'localhost',
      origin: 'http://localhost:4600',
    })
    for (const url of ['http://127.0.0.1:4600', 'http://avouch.example.com', 'https://[::1]/'])
      expect(() => relyingParty({ url })).toThrow(/Passkeys cannot be made/)
  })
})
