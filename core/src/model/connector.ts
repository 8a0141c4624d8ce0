import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { AvouchError } from '../errors.ts'
import { refuseAddress, refuseHost } from './address-policy.ts'

/**
 * A connector for undici that holds to the address policy: the name before it is resolved, every address it resolves
 * to (one bad address refuses the name: a name that answers both is a rebinding attempt), and at last the address the
 * socket is really connected to. A refusal fails the connection with `AvouchError` code `forbidden`.
 */
export function guardedConnector(options: {
  allowPrivate: boolean
  connectTimeoutMs: number
}): buildConnector.connector {
  const { allowPrivate } = options
  const connect = buildConnector({
    timeout: options.connectTimeoutMs,
    allowH2: false,
    lookup: guardedLookup(allowPrivate),
  } as buildConnector.BuildOptions)
  return (request, callback) => {
    const why = refuseHost(request.hostname, allowPrivate)
    if (why !== undefined) {
      callback(refused(request.hostname, why), null)
      return
    }
    connect(request, (...[error, socket]) => {
      if (error) return callback(error, null)
      const address = socket.remoteAddress
      const late = address === undefined ? 'of an unknown address' : refuseAddress(address, allowPrivate)
      if (late === undefined) return callback(null, socket)
      socket.destroy()
      callback(refused(request.hostname, late), null)
    })
  }
}

/** `dns.lookup` with the policy applied to every address found. */
export function guardedLookup(allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      for (const { address } of addresses) {
        const why = refuseAddress(address, allowPrivate)
        if (why !== undefined) return callback(refused(hostname, why), '', 0)
      }
      if (options.all) return callback(null, addresses)
      const first = addresses[0]
      if (!first) return callback(new Error(`${hostname} has no address`), '', 0)
      callback(null, first.address, first.family)
    })
  }
}

/** The refusal of a host by policy, as an error. */
export function refused(host: string, why: string): AvouchError {
  return new AvouchError('forbidden', `${host} is refused: it is ${why}`, {
    where: host,
    fix: 'Name a public address, or allow private addresses for this target (allowPrivate) if it is meant.',
  })
}
