export type { Database, Migrations, Tables, Tx } from './database.ts'
export { codeOf, databaseError } from './errors.ts'
export { type OpenOptions, openDatabase } from './open.ts'
