import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildConsole } from '@avouch/console/build'
import { createOwnerLink, getApproval, invite, listApprovals } from '@avouch/core/auth'
import { discoverCommitments } from '@avouch/core/discover'
import { gate } from '@avouch/core/gate'
import type { OpenInstallation } from '@avouch/core/open'
import { type RunningServer, startServer } from '@avouch/server'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestInstallation } from '../apps/server/src/testing.ts'
import { COLOURS, faultsOn, noteComplaints, openBrowser, visitorOf } from './house/browser.ts'
import { fillExample } from './house/example-demo.ts'

const RELEASE = 'example-model@2.0'
const RELEASE_PATH = `/console/releases/${encodeURIComponent(RELEASE)}`
const PAGES = [
  'releases',
  'campaigns',
  'imports',
  'studies',
  'weights',
  'weights/example-model%402.0',
  'access',
  'weights/signers',
  'alerts',
  'alerts/identities',
  'content',
  'evidence',
  'log',
  'approvals',
  'people',
  'account',
].map((name) => `/console/${name}`)

let installation: OpenInstallation
let server: RunningServer
let browser: Browser
let page: Page
let commitments: Awaited<ReturnType<typeof discoverCommitments>>
const complaints: string[] = []

beforeAll(async () => {
  commitments = await discoverCommitments()
  installation = await openTestInstallation({}, commitments)
  await buildConsole()
  await fillExample(installation)
  server = await startServer(installation, { commitments, only: ['console', 'portal'] })
  browser = await openBrowser()
  page = await visitorOf(browser)
  page.setDefaultTimeout(10_000)
  noteComplaints(page, complaints)
  // the whole demo runs here: on a busy machine that takes its time, and is no fault
}, 400_000)
afterAll(async () => {
  await browser?.close()
  await server?.close()
  await installation?.close()
})

async function open(path: string): Promise<void> {
  await page.goto(server.url + path)
  await page.waitForSelector('h1')
  await page.getByText('Reading…').first().waitFor({ state: 'detached' })
}

const violations = () => faultsOn(page)

/** What axe finds on a page, narrow in the light and wide in the dark, and whether it fits. */
async function faultsOf(path: string): Promise<string[]> {
  await page.setViewportSize({ width: 320, height: 800 })
  await page.emulateMedia({ colorScheme: 'light' })
  await open(path)
  const faults = await violations()
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.emulateMedia({ colorScheme: 'dark' })
  return [...faults, ...(await faultsOn(page, COLOURS))]
}

const verdict = () =>
  gate(
    installation,
    RELEASE,
    commitments.flatMap(({ obligations }) => obligations),
  )

describe('the console', () => {
  it('asks a stranger to sign in', async () => {
    await open(RELEASE_PATH)
    expect(new URL(page.url()).pathname).toBe('/console/sign-in')
    expect(await page.title()).toBe('Sign in · Avouch console')
    expect(await violations()).toEqual([])
  })

  it('lets the first owner in by the one-time link and a passkey', async () => {
    const link = await createOwnerLink({
      ...installation,
      config: { ...installation.config, url: server.url ?? '' },
    })
    await page.goto(link.url)
    await page.getByText('The link works until').waitFor()
    expect(page.url(), 'the token is taken out of the address').not.toContain('#')
    expect(await violations()).toEqual([])
    await page.getByRole('button', { name: 'Make a passkey and sign in' }).click()
    await page.waitForURL('**/console/releases')
    await page.getByRole('link', { name: RELEASE }).click()
    await page.waitForURL(`**${RELEASE_PATH}`)
    await expect.poll(() => page.title()).toBe(`${RELEASE} · Avouch console`)
    complaints.length = 0
  })

  it('shows every obligation of a release in its matrix, with shape and word', async () => {
    const { obligations } = await verdict()
    const cells = page.locator('.av-cell')
    await cells.first().waitFor()
    expect(await cells.count()).toBe(obligations.length)
    expect(await cells.first().textContent()).toContain('0.1')
    expect(await page.locator('.av-obligation').count()).toBe(obligations.length)
  })

  it('closes the gate by a hold, and asks two people to lift it', async () => {
    await page.getByRole('button', { name: 'Place a hold' }).click()
    expect(await violations()).toEqual([])
    await page.getByLabel('Reason').fill('A weakness was reported.')
    await page.getByRole('button', { name: 'Close the gate' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Ask to lift' }).waitFor()
    expect((await verdict()).holds).toMatchObject([{ reason: 'A weakness was reported.' }])
    await page.getByRole('button', { name: 'Ask to lift' }).click()
    await page.getByLabel('Why it may be lifted').fill('It was mended.')
    await page.getByRole('button', { name: 'Ask two people' }).click()
    await page.getByRole('dialog').getByRole('link', { name: 'approvals' }).click()
    await page.getByText(/(^|\s)0 of 2(\s|$)/).waitFor()
    expect((await verdict()).holds).toHaveLength(1)
  })

  it('records a decision that a passkey signed, naming what it waives', async () => {
    await open(RELEASE_PATH)
    await page.getByRole('button', { name: 'Decide again' }).click()
    await page.getByLabel(/Ship/).check()
    await page.getByLabel('Reason').fill('An example of shipping too early.')
    await page.getByRole('button', { name: 'Review' }).click()
    await page.getByText(/^You waive/).waitFor()
    expect(await violations()).toEqual([])
    await page.getByRole('button', { name: 'Sign with your passkey' }).click()
    await page.getByText('a person, by passkey').waitFor()
    expect((await verdict()).decision).toMatchObject({ decision: 'ship', decidedBy: 'person', ready: false })
  })

  it('checks a piece of evidence in the browser, and tells open fields from sealed', async () => {
    await open('/console/evidence?type=https%3A%2F%2Favouch.dev%2Fevidence%2Fcore%2Fdecision%2Fv1')
    await page.locator('tbody a').first().click()
    const fields = page.locator('.cs-fields > div')
    await fields.filter({ hasText: 'An example of shipping too early.' }).getByText('Sealed').waitFor()
    await fields.filter({ hasText: 'decidedBy' }).getByText('Open').waitFor()
    await page.getByText('A person, by passkey').waitFor()
    await page.getByRole('button', { name: 'Verify in this browser' }).click()
    await page.getByText(/^Every check holds; whose key/).waitFor()
    const checks = page.getByRole('list', { name: 'Every check' }).getByRole('listitem')
    expect(await checks.count()).toBeGreaterThan(8)
    expect(await checks.filter({ hasText: 'Fails' }).count()).toBe(0)
    const log = await page.evaluate(async () => (await (await fetch('/api/log')).json()).key as string)
    await page.getByLabel('Key of the log').fill(log)
    await page.getByRole('button', { name: 'Verify in this browser' }).click()
    await page.getByText('Verified with the key you gave').waitFor()
    expect(await violations()).toEqual([])
  })

  it('shows a campaign by its counts and rates, and one attempt’s words only when asked', async () => {
    await open('/console/campaigns')
    await page.locator('tbody a').first().click()
    await page
      .getByRole('img', { name: /Share of attempts/ })
      .first()
      .waitFor()
    const planned = page.getByRole('list', { name: 'Where every planned attempt stands' })
    expect(await planned.textContent()).toMatch(/[1-9]\d* planned/)
    const control = page.getByRole('region', { name: 'Control' })
    expect(await control.textContent()).toMatch(
      /[1-9]\d* of 30 planted weaknesses were found.*not in this plan/,
    )
    // of a domain without agents, whose attempts are shown by their steps
    await open(`${new URL(page.url()).pathname}?domain=cyber`)
    const show = page.getByRole('button', { name: /^Show the words of attempt/ }).first()
    await show.waitFor()
    expect(await page.locator('.cs-exchange').count()).toBe(0)
    await show.click()
    await page.locator('.cs-exchange').getByText('Answered', { exact: true }).waitFor()
    expect(await page.locator('.cs-exchange').count()).toBe(1)
    expect(await violations()).toEqual([])
  })

  it('shows corrected rates, the matrix, the change since the predecessor, and what it took', async () => {
    await open('/console/campaigns?release=example-model%402.0')
    await page.locator('tbody a').first().click()
    const rates = page.locator('#rates')
    await rates.getByText('Corrected for how graders err').waitFor()
    expect(await rates.getByText(/rules, own labels of Cyber: finds .* recorded after/).count()).toBe(1)
    const cyber = page.getByRole('table', { name: /^By domain: / }).getByRole('row', { name: /^Cyber/ })
    expect((await cyber.textContent())!).toMatch(/%.* to .*%.* to .*%/)
    expect(await page.getByRole('columnheader', { name: 'As graded' }).first().isVisible()).toBe(true)
    const matrix = page.getByRole('region', { name: 'Domains across strategies' })
    const row = matrix.getByRole('row', { name: /^Cyber/ })
    expect(await row.getByRole('cell').first().textContent()).toMatch(/%.*\d+ of \d+ judged/)
    const change = page.locator('#comparison')
    expect(await change.getByRole('row', { name: /^Over-refusal/ }).textContent()).toMatch(/p /)
    await change.getByRole('link', { name: 'the campaign of example-model@1.0' }).waitFor()
    const effort = page.locator('#effort')
    expect(await effort.textContent()).toMatch(/calls, .* tokens/)
    expect(await effort.getByRole('columnheader', { name: 'Best of 2', exact: true }).count()).toBe(1)
    expect(await violations()).toEqual([])
  })

  it('shows what was imported, where each probe was put, and no word of it', async () => {
    await open('/console/imports')
    await page.getByRole('link', { name: 'example.report.jsonl' }).click()
    await page.getByText('rows; the file does not tell what was planned').waitFor()
    await page
      .getByRole('img', { name: /Share of attempts/ })
      .first()
      .waitFor()
    await page.getByText('1 probe without a domain').waitFor()
    const mapped = page.locator('#mapping').getByRole('row', { name: /malwaregen\.B/ })
    expect(await mapped.textContent()).toContain('Cyber')
    expect(await page.content()).not.toContain('I cannot help with that.')
    expect(await violations()).toEqual([])
  })

  it('gives a campaign as files that hold no words', async () => {
    await open('/console/campaigns')
    await page.locator('tbody a').first().click()
    const links = page.locator('#exports').getByRole('link')
    await links.first().waitFor()
    expect(await links.count()).toBe(6)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page
        .locator('#exports')
        .getByRole('link', { name: /^SARIF/ })
        .click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^red-team-.*\.sarif$/)
    const { runs } = JSON.parse(await readFile(await download.path(), 'utf8'))
    expect(runs[0].tool.driver.name).toBe('Avouch')
    expect(JSON.stringify(runs)).not.toContain('practice compliance')
  })

  it('publishes the head of the log', async () => {
    await open('/console/log')
    await page.getByRole('button', { name: 'Publish a checkpoint now' }).click()
    await page.getByText('Published.', { exact: true }).waitFor()
    expect((await fetch(`${server.url}/log/checkpoint`)).status).toBe(200)
  })

  it('invites a person, asking for the passkey again where it was used too long ago', async () => {
    await sql`update auth.session set stepped_up_at = null`.execute(installation.db.kysely)
    await open('/console/people')
    await page.getByRole('button', { name: 'Invite a person' }).click()
    await page.getByLabel('Name').fill('Example Colleague')
    await page.getByRole('checkbox', { name: /^auditor/ }).check()
    await page.getByRole('button', { name: 'Make the link' }).click()
    await page.getByText('Confirm that it is you').waitFor()
    await page.getByRole('button', { name: 'Use your passkey' }).click()
    const link = await page.getByRole('textbox', { name: 'Link for Example Colleague' }).inputValue()
    expect(link).toContain('/console/enrol#')
    expect(await violations()).toEqual([])
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('rowheader', { name: 'Example Colleague' }).waitFor()
    expect(await page.content()).not.toContain(link)
  })

  it('lifts the hold once two other people have signed, each with a passkey of their own', async () => {
    // the tour asked for approvals of its own
    const request = (await listApprovals(installation)).find(({ act }) => act === 'hold/lift')
    for (const name of ['Example First', 'Example Second']) {
      const there = { ...installation, config: { ...installation.config, url: server.url ?? '' } }
      const { url } = await invite(there, { name, roles: ['release-lead'] })
      const other = await visitorOf(browser)
      await other.goto(url)
      await other.getByRole('button', { name: 'Make a passkey and sign in' }).click()
      await other.getByRole('link', { name: 'Approvals' }).click()
      await other.getByRole('heading', { name: /It was mended/ }).waitFor()
      await other.getByRole('button', { name: 'Sign with your passkey' }).click()
      const signed = name === 'Example First' ? 1 : 2
      // of other approvals the page may say the same
      await expect
        .poll(async () => (await getApproval(installation, request?.id ?? '')).approvals.length)
        .toBe(signed)
      await other.getByText(`${signed} of 2`).first().waitFor()
      await other.context().close()
    }
    await open(RELEASE_PATH)
    await page.getByText('Nobody holds this release back.').waitFor()
    expect((await verdict()).holds).toEqual([])
  })

  it('sends whoever is no longer signed in to sign in, and back', async () => {
    await open('/console/log')
    await page.context().clearCookies()
    await page.getByRole('link', { name: 'Evidence' }).click()
    await page.waitForURL('**/console/sign-in?to=**')
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.waitForURL('**/console/evidence')
  })

  it.each(PAGES)(
    'is free of faults that axe finds, light and dark, and fits 320 pixels: %s',
    async (path) => {
      expect(await faultsOf(path)).toEqual([])
    },
  )

  it('is so too where it shows one release, campaign, import or piece of evidence', async () => {
    const { decision, obligations } = await verdict()
    const first = (what: string) =>
      page.evaluate(
        async (path) => (await (await fetch(path)).json())[0].id as string,
        `/api/red-teaming/${what}`,
      )
    const evidence = [decision?.id, obligations.find(({ id }) => id === '1.4')?.evidence[0]]
    const faults: string[] = []
    for (const path of [
      RELEASE_PATH,
      `/console/campaigns/${await first('campaigns')}`,
      `/console/imports/${await first('imports')}`,
      ...evidence.map((id) => `/console/evidence/${id}`),
    ])
      faults.push(...(await faultsOf(path)))
    expect(faults).toEqual([])
  })

  it('can be walked by keyboard alone: skip link, navigation, dialog and back', async () => {
    await open('/console/releases')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(RELEASE)
    await page.keyboard.press('Enter')
    await page.waitForURL(`**${RELEASE_PATH}`)
    const hold = page.getByRole('button', { name: 'Place a hold' })
    await hold.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    expect(
      await page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null),
      'focus is inside the dialog',
    ).toBe(true)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await hold.evaluate((button) => button === document.activeElement)).toBe(true)
  })

  it('keeps filters in the address and says where nothing is', async () => {
    await open('/console/evidence')
    await page.getByLabel('Release').selectOption(RELEASE)
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.waitForURL('**/console/evidence?release=**')
    await page.getByRole('link', { name: 'Clear' }).waitFor()
    await open('/console/campaigns?release=nothing%400')
    await page.locator('.av-empty').waitFor()
    await open('/console/no-such-page')
    expect(await page.locator('h1').textContent()).toBe('There is no such page')
  })

  it('ends the session, and lets the owner in again by keyboard and passkey', async () => {
    await open('/console/releases')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL('**/console/sign-in')
    await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
    for (let steps = 0; steps < 5; steps++) {
      await page.keyboard.press('Tab')
      if ((await page.evaluate(() => document.activeElement?.textContent)) === 'Sign in with a passkey') break
    }
    await page.keyboard.press('Enter')
    await page.waitForURL('**/console/releases')
    await page.getByRole('link', { name: RELEASE }).waitFor()
    expect(complaints).toEqual([])
  })

  it('lets pages of other sites ask about their pictures, in links and added later too', async () => {
    const site = createServer((_request, response) =>
      response.setHeader('content-type', 'text/html').end(`<!doctype html><title>Example</title>
        <script src="${server.url}/v1/content/check.js" defer></script>
        <a href="/elsewhere"><img src="data:," alt="In a link" data-avouch-check></a><div id="late"></div>`),
    )
    await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening))
    const address = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`
    const other = await browser.newPage()
    try {
      await other.goto(address)
      await other.getByRole('button', { name: 'Was this made by AI? In a link' }).press('Enter')
      await other.getByText('has no address of its own').waitFor()
      await other.evaluate(`late.innerHTML = '<img src="/later.png" alt="Later" data-avouch-check>'`)
      await other.getByRole('button', { name: 'Was this made by AI? Later' }).press('Enter')
      // nothing is fetched from this machine, which the page is told in the server's words
      await other.getByText('private network').waitFor()
      expect(other.url()).toBe(address)
    } finally {
      await other.close()
      site.closeAllConnections()
      site.close()
    }
  })
})
