export type { Database, Migrations, Tables, Tx } from './database.ts'
export { type Check, doctorDatabase } from './doctor.ts'
export { codeOf, databaseError } from './errors.ts'
export { type OpenOptions, openDatabase } from './open.ts'
