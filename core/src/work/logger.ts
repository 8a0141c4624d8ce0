import { Logger } from 'graphile-worker'
import type { Logger as Pino } from 'pino'

/** graphile-worker's log as lines of ours. Its metadata hold whole jobs, whose payloads do not belong in a log. */
export function bridge(log: Pino): Logger {
  return new Logger((scope) => (level, message) => {
    const fields = { worker: scope.workerId, job: scope.jobId, task: scope.taskIdentifier }
    if (level === 'error') log.error(fields, message)
    else if (level === 'warning') log.warn(fields, message)
    else log.debug(fields, message)
  })
}

/** For acts that report by throwing. */
export const quiet: Logger = new Logger(() => () => undefined)
