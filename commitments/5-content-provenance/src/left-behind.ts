const started = Date.now() - process.uptime() * 1000

/**
 * Whether what lies there was left by a program that is gone.
 *
 * @param pid the number of the program that made it. In a container the next program may have that of the one before; all
 * threads of one have the same
 * @param changed when it was last changed, in milliseconds since 1970
 */
export function isLeftBehind(pid: number, changed: number): boolean {
  return pid === process.pid ? changed < started : !isAlive(pid)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
