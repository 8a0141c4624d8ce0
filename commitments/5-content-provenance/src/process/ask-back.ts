type AskBack = (call: string, given: unknown[]) => Promise<unknown>

let ask: AskBack | undefined

/** In a content process: how the program that gave the job is asked. */
export function askBackBy(given: AskBack): void {
  ask = given
}

/** Has the program that gave this job do something that is not for this process. Rejects with what it threw there. */
export async function askBack(call: string, ...given: unknown[]): Promise<unknown> {
  if (ask === undefined) throw new Error('this is no content process')
  return ask(call, given)
}
