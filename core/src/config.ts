import { resolve } from 'node:path'
import { AvouchError } from './errors.ts'

export type BlobConfig =
  | { kind: 'folder'; dir: string }
  | { kind: 's3'; endpoint: string; bucket: string; region: string; accessKeyId: string; secretAccessKey: string }

/** Everything an installation is told from outside. Read once at start; nothing else reads the environment. */
export type Config = {
  /** `$AVOUCH_HOME`, absolute: keys, trust, embedded database, blobs, spool. */
  home: string
  /** `$AVOUCH_DATABASE_URL`: the company's own PostgreSQL; absent means the embedded one under `home`. */
  databaseUrl: string | undefined
  blobs: BlobConfig
  /** `$AVOUCH_ORIGIN`: the log's origin line (C2SP tlog-checkpoint), a schema-less URL. */
  origin: string
  /** `$AVOUCH_URL`: the address people reach this installation at; decides WebAuthn's relying party. */
  url: string
  host: string
  port: number
}

/** Reads the configuration from environment variables. Throws `config` naming the variable that is wrong. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env, overrides: { home?: string } = {}): Config {
  const home = resolve(overrides.home ?? env.AVOUCH_HOME ?? '.avouch')
  const port = Number(env.AVOUCH_PORT ?? 4600)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new AvouchError('config', `AVOUCH_PORT is "${env.AVOUCH_PORT}", which is no port`, {
      where: 'AVOUCH_PORT',
      fix: 'Set it to a whole number from 0 to 65535.',
    })
  const host = env.AVOUCH_HOST ?? '127.0.0.1'
  return {
    home,
    databaseUrl: env.AVOUCH_DATABASE_URL || undefined,
    blobs: blobConfig(env, home),
    origin: env.AVOUCH_ORIGIN ?? 'avouch.local/log',
    url: env.AVOUCH_URL ?? `http://localhost:${port}`,
    host,
    port,
  }
}

function blobConfig(env: NodeJS.ProcessEnv, home: string): BlobConfig {
  if (!env.AVOUCH_S3_ENDPOINT) return { kind: 'folder', dir: env.AVOUCH_BLOBS ? resolve(env.AVOUCH_BLOBS) : `${home}/blobs` }
  const need = (name: string): string => {
    const value = env[name]
    if (!value)
      throw new AvouchError('config', `${name} is missing, but AVOUCH_S3_ENDPOINT asks for S3`, {
        where: name,
        fix: 'Set all of AVOUCH_S3_ENDPOINT, AVOUCH_S3_BUCKET, AVOUCH_S3_ACCESS_KEY_ID and AVOUCH_S3_SECRET_ACCESS_KEY.',
      })
    return value
  }
  return {
    kind: 's3',
    endpoint: need('AVOUCH_S3_ENDPOINT'),
    bucket: need('AVOUCH_S3_BUCKET'),
    region: env.AVOUCH_S3_REGION ?? 'us-east-1',
    accessKeyId: need('AVOUCH_S3_ACCESS_KEY_ID'),
    secretAccessKey: need('AVOUCH_S3_SECRET_ACCESS_KEY'),
  }
}
