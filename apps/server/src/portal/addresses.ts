/** Where a release's published report stands. `@` may stand in a path as it is, and reads better. */
export function reportPath(release: string): string {
  return `/reports/${encodeURIComponent(release).replaceAll('%40', '@')}`
}
