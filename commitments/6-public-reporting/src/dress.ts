import '@avouch/ui/tsx'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bundleBrowser, fontFaces, styles } from '@avouch/ui/static'
import type { Report } from './report.ts'

/** The covered text of `report.html`: the page with its styles, fonts and verifier inside. */
export async function dressReport(report: Report): Promise<string> {
  const own = (name: string) => readFile(fileURLToPath(new URL(name, import.meta.url)), 'utf8')
  const [{ renderReport }, verifierScript, ...sheets] = await Promise.all([
    import('./html.tsx'),
    bundleBrowser(new URL('./page.ts', import.meta.url).href),
    fontFaces(),
    styles(),
    own('./report.css'),
    own('./notes.css'),
  ])
  return renderReport(report, { verifierScript, styles: sheets.join('\n') })
}
