export type { Mechanism } from './module.ts'
export { codeOf, openTokenKey, type Token, type TokenKey } from './token.ts'
export { type Pkcs11Place, readPkcs11Uri } from './uri.ts'
