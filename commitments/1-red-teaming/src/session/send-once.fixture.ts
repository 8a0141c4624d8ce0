import type { Principal } from '@avouch/core/auth'
import type { Config } from '@avouch/core/config'
import { openInstallation } from '@avouch/core/open'
import redTeaming from '../index.ts'
import { send } from './send.ts'

/** Sends one message as the parent says, in a process of its own, which the parent kills. */
const { config, at, by, session, message } = JSON.parse(process.argv[2]!) as {
  config: Config
  at: number
  by: Principal
  session: string
  message: string
}
const installation = await openInstallation(config, {
  commitments: [redTeaming],
  seal: false,
  now: () => new Date(at),
})
await send(installation, by, session, { message })
