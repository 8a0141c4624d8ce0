import { AvouchError } from '../../errors.ts'
import { readKeyFile } from '../key-file.ts'
import { type Constants, type Cryptoki, loadModule, type Module } from './module.ts'
import type { Pkcs11Place } from './uri.ts'

const CKR = { pinIncorrect: 0xa0, pinLocked: 0xa4, userAlreadyLoggedIn: 0x100 } as const

/** A session with a token, and the key in it. */
export type Token = {
  cryptoki: Cryptoki
  constants: Constants
  session: Buffer
  key: Buffer
  /** Awaits an operation of the token; nobody initialises the module anew meanwhile, which no module survives. */
  running<T>(work: Promise<T>): Promise<T>
}
/** A session, and of which time of its module: those of before it was initialised anew may be somebody else's by now. */
type Session = Token & { module: Module; generation: number }

/** What a key in a token is, and how it is spoken of. */
export type Purpose = {
  /** What names the token: a variable, a file. */
  where: string
  /** Such as `the key of the weights`. */
  what: string
  /** The class of the key and, where it matters, its kind. */
  find: (constants: Constants) => { type: number; value: unknown }[]
  /** Whether the token can still do what it did: says whether a failure was its own or the data's. */
  works(token: Token): Promise<boolean>
}

export type TokenKey = {
  /** Works with the key, one operation at a time, since a session holds one. A lost session is opened anew once, and a token that was gone is found again. */
  use<T>(work: (token: Token) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * A key that never leaves its PKCS#11 token. Throws `config` for a wrong PIN or several keys of one name, `unavailable` where
 * the token or its key is not there, be it in the middle of work.
 */
export async function openTokenKey(place: Pkcs11Place, purpose: Purpose): Promise<TokenKey> {
  let token: Session | undefined = await connect(place, purpose)
  let turn: Promise<unknown> = Promise.resolve()
  return {
    use(work) {
      const mine = turn.then(async () => {
        if (token?.generation !== token?.module.generation) token = undefined
        token ??= await connect(place, purpose)
        try {
          return await work(token)
        } catch (error) {
          if (await purpose.works(token)) throw error
          disconnect(token)
          token = undefined
          token = await connect(place, purpose)
          return work(token).catch(async (cause) => {
            throw (await purpose.works(token!)) ? cause : unavailable(place, purpose, cause)
          })
        }
      })
      turn = mine.catch(() => undefined)
      return mine
    },
    async close() {
      await turn
      if (token) disconnect(token)
      token = undefined
    },
  }
}

async function connect(place: Pkcs11Place, purpose: Purpose): Promise<Session> {
  const module = await loadModule(place['module-path'], purpose.where)
  const pin = await readKeyFile(place['pin-source'])
  if (pin === undefined)
    throw new AvouchError('config', 'the file with the PIN is not there', {
      where: place['pin-source'],
      fix: 'Write the PIN into it, mode 0600.',
    })
  try {
    return logInto(module, place, pin, purpose)
  } catch (cause) {
    if (cause instanceof AvouchError) throw cause
    try {
      if (module.renew()) return logInto(module, place, pin, purpose)
    } catch (again) {
      throw again instanceof AvouchError ? again : unavailable(place, purpose, again)
    }
    throw unavailable(place, purpose, cause)
  }
}

function logInto(module: Module, place: Pkcs11Place, pin: Buffer, purpose: Purpose): Session {
  const { cryptoki, constants, generation } = module
  const slot = cryptoki.C_GetSlotList(true).find((one) => {
    const { label, serialNumber } = cryptoki.C_GetTokenInfo(one)
    return (
      (place.token === undefined || label.trimEnd() === place.token) &&
      (place.serial === undefined || serialNumber.trimEnd() === place.serial)
    )
  })
  if (slot === undefined) throw new Error('no token of that name is present')
  const session = cryptoki.C_OpenSession(slot, constants.CKF_SERIAL_SESSION)
  logIn(module, session, pin.toString('utf8').trimEnd(), purpose.where)
  return {
    ...{ module, generation, cryptoki, constants, session },
    key: findKey(module, session, place, purpose),
    async running(work) {
      module.running++
      try {
        return await work
      } finally {
        module.running--
      }
    },
  }
}

function logIn({ cryptoki, constants }: Module, session: Buffer, pin: string, where: string): void {
  try {
    cryptoki.C_Login(session, constants.CKU_USER, pin)
  } catch (error) {
    const code = codeOf(error)
    if (code === CKR.userAlreadyLoggedIn) return
    if (code === CKR.pinIncorrect || code === CKR.pinLocked)
      throw new AvouchError(
        'config',
        code === CKR.pinLocked ? 'the token is locked' : 'the token refuses the PIN',
        {
          where,
          fix:
            code === CKR.pinLocked
              ? 'Have its security officer unlock it.'
              : 'Correct the file that pin-source names; tokens lock after a few wrong tries.',
        },
      )
    throw error
  }
}

function findKey(
  { cryptoki, constants }: Module,
  session: Buffer,
  { object, id }: Pkcs11Place,
  { find, where }: Purpose,
): Buffer {
  cryptoki.C_FindObjectsInit(session, [
    ...find(constants),
    ...(object === undefined ? [] : [{ type: constants.CKA_LABEL, value: object }]),
    ...(id === undefined ? [] : [{ type: constants.CKA_ID, value: Buffer.from(id, 'latin1') }]),
  ])
  const keys = cryptoki.C_FindObjects(session, 2)
  cryptoki.C_FindObjectsFinal(session)
  if (keys.length === 0) throw new Error('the token holds no such key of that name')
  if (keys.length > 1)
    throw new AvouchError('config', 'the token holds several such keys of that name', {
      where,
      fix: 'Name the key by its id as well.',
    })
  return keys[0]!
}

function disconnect({ module, generation, session }: Session): void {
  if (generation !== module.generation) return
  try {
    module.cryptoki.C_CloseSession(session)
  } catch {
    // a session that is lost already is closed
  }
}

function unavailable(place: Pkcs11Place, { what }: Purpose, cause: unknown): AvouchError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AvouchError('unavailable', `the token with ${what} cannot be used: ${reason}`, {
    where: `${place.token ?? place.serial}/${place.object ?? place.id}`,
    fix: 'Check that the token is connected and holds the key; nothing was done with it.',
    cause,
  })
}

/** The return value (CKR_…) that a token's module failed with. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined
}
