/**
 * Builds the console where what stands is missing or old. A console that cannot be built stops nothing: it is said on
 * stderr, and the server goes on with what was built before, or a page that says nothing was.
 */
export async function makeConsole(): Promise<void> {
  try {
    const { buildConsole } = await import('@avouch/console/build')
    await buildConsole()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    process.stderr.write(
      `The console could not be built: ${why}\nThe rest works without it; "npm run build" tries again.\n`,
    )
  }
}
