import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleReport } from './sample.ts'

let folder: string
let browser: Browser
let sample: Awaited<ReturnType<typeof sampleReport>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'avouch-verify-'))
  const bundle = await rolldown({ input: fileURLToPath(new URL('../src/browser.ts', import.meta.url)) })
  const { output } = await bundle.generate({ format: 'iife', name: 'avouchVerifier', minify: true })
  await bundle.close()
  expect(output).toHaveLength(1)
  const script = `<script>${output[0].code}\navouchVerifier.mountVerifier(document)</script>`
  sample = await sampleReport(
    `<section id="avouch-verifier" aria-label="Check this report"></section>${script}`,
  )
  // The package's own arguments are for serverless hosts; a single process does not survive several pages.
  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox'],
    timeout: 30_000,
  })
})

afterAll(async () => {
  await browser?.close()
  await rm(folder, { recursive: true, force: true })
})

/** Opens a report from disk, as a reader would, and waits for the first verdict. */
async function open(name: string, html: Uint8Array | string, before = () => {}): Promise<Page> {
  const file = join(folder, name)
  await writeFile(file, html)
  const page = await browser.newPage()
  page.setDefaultTimeout(8000)
  await page.addInitScript(before)
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('request', (request) => {
    if (request.url() !== pathToFileURL(file).href) problems.push(request.url())
  })
  await page.goto(pathToFileURL(file).href)
  await page.waitForSelector('.avouch-status[data-status]')
  expect(problems).toEqual([])
  return page
}

const status = (page: Page) => page.locator('.avouch-status').textContent()

describe('the verifier in a report page', () => {
  it('says consistent, then verified with a key, then checks the saved file by its bytes', async () => {
    const page = await open('report.html', sample.html)
    expect(await status(page)).toMatch(/^Consistent: The figures on this page/)
    expect(await page.locator('[data-figure][data-state=ok]').count()).toBe(4)
    expect(await page.locator('[data-figure][data-state=attested]').count()).toBe(1)
    await page.getByLabel('Key of the log').fill(sample.vkey)
    await page.keyboard.press('Enter')
    await page.waitForSelector('.avouch-status[data-status=verified]')
    await page.getByLabel('File to check').setInputFiles(join(folder, 'report.html'))
    await page.waitForFunction(() =>
      document.querySelector('.avouch-note')?.textContent?.startsWith('Every byte'),
    )
    expect(await status(page)).toMatch(/^Verified: report.html/)
    await page.close()
  })

  it('marks the figure that was changed', async () => {
    const html = new TextDecoder().decode(sample.html)
    const page = await open('changed.html', html.replace('value="100">100<', 'value="100">10<'))
    expect(await status(page)).toMatch(/^Failed: figure attempts: display/)
    expect(await page.locator('data[data-state=failed]').getAttribute('data-figure')).toBe('attempts')
    await page.close()
  })

  it('finds changed prose only in the file, and says which it checked', async () => {
    const html = new TextDecoder().decode(sample.html)
    const page = await open('prose.html', html.replace('errored: ', 'erred: '))
    expect(await status(page)).toMatch(/^Consistent/)
    expect(await page.locator('.avouch-note').textContent()).toContain('not the prose')
    await page.getByLabel('File to check').setInputFiles(join(folder, 'prose.html'))
    await page.waitForSelector('.avouch-status[data-status=failed]')
    expect(await status(page)).toContain('digest: The file was changed')
    await page.close()
  })

  it('says why nothing can be checked where the browser has no WebCrypto', async () => {
    const page = await open('plain.html', sample.html, () => {
      Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined })
    })
    expect(await status(page)).toMatch(/^Nothing could be checked: .* plain HTTP/)
    expect(await page.locator('data[data-state]').count()).toBe(0)
    await page.close()
  })
})
