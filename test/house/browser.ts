import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import sparticuz from '@sparticuz/chromium'
import type { AxeResults, RunOptions } from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** What pages are held to. */
const RULES: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
}
/** What changes with the colours. */
export const COLOURS: RunOptions = {
  runOnly: { type: 'rule', values: ['color-contrast'] },
  resultTypes: ['violations'],
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: [
      '--no-sandbox',
      '--headless',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
    ],
  })
}

/** A page with cookies and an authenticator of its own, which says yes to every ceremony. */
export async function visitorOf(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return page
}

/** Notes what the browser complains of, save refused requests: what pages make of those is tested by itself. */
export function noteComplaints(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 40[13]/.test(message.text()))
      complaints.push(message.text())
  })
}

/** What axe finds on a page as it stands, and whether it is wider than its window. */
export async function faultsOn(page: Page, asked = RULES): Promise<string[]> {
  await page.evaluate(axe)
  const { violations } = (await page.evaluate((options) => {
    const { axe } = window as unknown as {
      axe: { run(where: Document, options: RunOptions): Promise<AxeResults> }
    }
    return axe.run(document, options)
  }, asked)) as AxeResults
  const [wide, window_] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ])
  return [
    ...violations.map(({ id, nodes }) => `${page.url()} ${id}: ${nodes[0]?.target.join(' ')}`),
    ...(wide === window_ ? [] : [`${page.url()} is ${wide} wide in a window of ${window_}`]),
  ]
}
