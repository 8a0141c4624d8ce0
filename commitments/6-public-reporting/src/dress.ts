import '@avouch/ui/tsx'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bundleBrowser, fontFaces, styles } from '@avouch/ui/static'
import type { Report } from './report.ts'

/** The covered text of `report.html`: the page with its styles, fonts and verifier inside. */
export async function dressReport(report: Report): Promise<string> {
  const [{ renderReport }, verifierScript, fonts, base, own] = await Promise.all([
    import('./html.tsx'),
    bundleBrowser(new URL('./page.ts', import.meta.url).href),
    fontFaces(),
    styles(),
    readFile(fileURLToPath(new URL('./report.css', import.meta.url)), 'utf8'),
  ])
  return renderReport(report, { verifierScript, styles: [fonts, base, own].join('\n') })
}
