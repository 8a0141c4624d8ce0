import { buildConsole } from '@avouch/console/build'
import { createOwnerLink, invite, LOCAL, type Role } from '@avouch/core/auth'
import { discoverCommitments } from '@avouch/core/discover'
import { findingEvidence, gate, registerRelease } from '@avouch/core/gate'
import { type PracticeTarget, startPracticeTarget } from '@avouch/core/model'
import type { OpenInstallation } from '@avouch/core/open'
import { viewStudy } from '@avouch/core/study'
import { type RunningServer, startServer } from '@avouch/server'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestInstallation } from '../apps/server/src/testing.ts'
import { planCampaign } from '../commitments/1-red-teaming/src/campaign.ts'
import { scriptedModel } from '../commitments/1-red-teaming/src/driving/test-model.ts'
import { inviteExpert } from '../commitments/1-red-teaming/src/expert/invite.ts'
import { listExperts } from '../commitments/1-red-teaming/src/expert/store.ts'
import { defaultSelection } from '../commitments/1-red-teaming/src/plan-file.ts'
import { ratingResult } from '../commitments/1-red-teaming/src/rating/evidence.ts'
import { auditSession } from '../commitments/1-red-teaming/src/session/audit.ts'
import { sessionResult } from '../commitments/1-red-teaming/src/session/evidence.ts'
import { findCase } from '../commitments/3-weight-security/src/access/break-glass-store.ts'
import { setProfile } from '../commitments/3-weight-security/src/access/profile.ts'
import { listRequests } from '../commitments/3-weight-security/src/access/request-store.ts'
import { findProfile } from '../commitments/3-weight-security/src/access/store.ts'
import { faultsOn, noteComplaints, openBrowser, visitorOf } from './house/browser.ts'
import { type ExampleAccess, exampleAccess } from './house/example-access.ts'
import { recordExampleStudy } from './house/example-study.ts'

const ABOUT = {
  release: 'example-model@2.0',
  snapshot: 'id:example-model-2.0',
  configuration: 'bare',
} as const
const TITLE = 'Helps where it should not'

let installation: OpenInstallation
let server: RunningServer
let target: PracticeTarget
let browser: Browser
let owner: Page
let expert: Page
const complaints: string[] = []

beforeAll(async () => {
  target = await startPracticeTarget()
  const commitments = await discoverCommitments()
  installation = await openTestInstallation({}, commitments)
  await buildConsole()
  server = await startServer(installation, { commitments, only: ['console'] })
  browser = await openBrowser()
  await registerRelease(installation, ABOUT, { model: 'example-model-2.0', adapter: 'openai' })
  await planCampaign(installation, await defaultSelection(), {
    about: ABOUT,
    target: { adapter: 'openai', url: target.url, model: 'example-model-2.0', allowPrivate: true },
    runBy: 'local',
  })
  owner = await visitor()
  await owner.goto((await createOwnerLink(there())).url)
  await enrol(owner)
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
  await installation?.close()
  await target?.close()
})

/** The installation as the running server knows it. */
const there = () => ({ ...installation, config: { ...installation.config, url: server.url ?? '' } })

async function visitor(): Promise<Page> {
  const page = await visitorOf(browser)
  page.setDefaultTimeout(15_000)
  noteComplaints(page, complaints)
  return page
}

async function enrol(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Make a passkey and sign in' }).click()
  await page.waitForURL((url) => !url.pathname.endsWith('/enrol'))
  await page.waitForSelector('h1')
}

async function staff(role: Role): Promise<Page> {
  const page = await visitor()
  const { url } = await invite(there(), { name: `Example ${role}`, roles: [role] })
  await page.goto(url)
  await enrol(page)
  return page
}

/** What is wrong with a page as it stands: by axe, light and dark, and in a window of 320 pixels. */
async function faults(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const [width, colorScheme] of [
    [1280, 'light'],
    [320, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme })
    found.push(...(await faultsOn(page)))
  }
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
  return found
}

describe('an expert from outside', () => {
  it('is invited in the console, to a model that a campaign asked', async () => {
    await owner.getByRole('link', { name: 'Experts' }).click()
    await owner.getByRole('button', { name: 'Invite an expert' }).click()
    await owner.getByLabel('Name or pseudonym, of someone new').fill('Example Expert')
    await owner.getByRole('checkbox', { name: 'Cyber' }).check()
    await owner.getByLabel('Last day').fill(new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10))
    await owner.getByRole('checkbox', { name: 'They may set a system prompt' }).check()
    await owner.getByRole('checkbox', { name: /^Office, as it comes/ }).check()
    expect(await faults(owner)).toEqual([])
    await owner.getByRole('button', { name: 'Invite', exact: true }).click()
    const link = await owner.getByRole('textbox', { name: 'Link for Example Expert' }).inputValue()
    await owner.getByRole('button', { name: 'Close' }).click()
    await owner.getByText('not signed yet').waitFor()
    expect(await faults(owner)).toEqual([])

    expert = await visitor()
    await expert.goto(link)
    await enrol(expert)
    await expert.waitForURL('**/console/workbench')
    const places = expert.getByRole('navigation', { name: 'Main' }).getByRole('link')
    await expect.poll(() => places.allTextContents()).toEqual(['My sessions'])
    await expert.getByText('First, say who you are').waitFor()
    expect(await faults(expert)).toEqual([])
  })

  it('fills in a record, reads it once more, and signs it', async () => {
    await expert.getByRole('link', { name: 'Fill in your record' }).click()
    await expert.getByLabel('Pseudonym', { exact: true }).fill('Example Expert 7')
    await expert.getByRole('checkbox', { name: 'Cyber' }).check()
    await expert.getByLabel('Your field').fill('software security')
    await expert.getByLabel('Affiliation').fill('Example University')
    await expert.getByLabel('Years in the field').fill('12')
    expect(await faults(expert)).toEqual([])
    await expert.getByRole('button', { name: 'Review, then sign' }).click()
    await expert.getByText('Example University').waitFor()
    await expert.getByRole('button', { name: 'Back' }).click()
    expect(await expert.getByLabel('Your field').inputValue(), 'what was said is kept').toBe(
      'software security',
    )
    await expert.getByRole('button', { name: 'Review, then sign' }).click()
    await expert.getByRole('button', { name: 'Sign with your passkey' }).click()
    await expert.getByText('You signed who you are').waitFor()
  })

  it('asks the model by keyboard, goes back and tries otherwise, and sees where turns branch', async () => {
    await expert.getByRole('button', { name: 'Begin a session on example-model@2.0' }).click()
    await expert.getByLabel('What you set out to find').fill('How far authority goes.')
    await expert.getByRole('button', { name: 'Begin', exact: true }).click()
    await expert.waitForURL(/workbench\/[0-9a-f-]{36}$/)
    const message = expert.getByRole('textbox', { name: 'Message' })
    await expert.getByLabel('System prompt, if any').fill('Be brief.')
    await message.fill('Hello, what are you?')
    await message.press('Control+Enter')
    await expert.getByText('Turn 0: answered and recorded.').waitFor()
    await expert.getByRole('article', { name: 'Turn 0' }).getByText('Hello, what are you?').waitFor()
    expect(await message.evaluate((box) => box === document.activeElement), 'focus stays to write on').toBe(
      true,
    )
    expect(await message.inputValue()).toBe('')
    await message.fill('And what can you do?')
    await message.press('Control+Enter')
    await expert.getByText('Turn 1: answered and recorded.').waitFor()

    await expert.getByRole('button', { name: 'Edit and send again, turn 1' }).click()
    expect(await message.inputValue()).toBe('And what can you do?')
    await expert.getByText('Goes on from turn 0.').waitFor()
    await message.fill('And what can you not do?')
    await expert.getByRole('button', { name: 'Send', exact: true }).click()
    await expert.getByText('Turn 2: answered and recorded.').waitFor()
    const tree = expert.getByRole('navigation', { name: 'Turns and branches' })
    expect(await tree.getByRole('button').allTextContents()).toEqual([
      '0 Hello, what are you?',
      '1 And what can you do?',
      '2 And what can you not do?',
    ])
    await tree.getByRole('button', { name: /^1 / }).click()
    await expert.getByRole('article', { name: 'Turn 1' }).waitFor()
    expect(await expert.getByRole('article', { name: 'Turn 2' }).count()).toBe(0)
    expect(await faults(expert)).toEqual([])
  })

  it('marks a finding, attaches a file, ends the session, and signs what came of it', async () => {
    const mark = expert.getByRole('button', { name: 'Mark a finding on turn 1' })
    await mark.focus()
    await expert.keyboard.press('Enter')
    await expert.getByRole('dialog').waitFor()
    await expert.keyboard.press('Escape')
    await expert.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await mark.evaluate((button) => button === document.activeElement)).toBe(true)
    await mark.click()
    await expert.getByLabel('Title').fill(TITLE)
    await expert.getByLabel('Severity').selectOption('high')
    await expert.getByLabel('By what you judge it').fill('It does what was asked.')
    await expert.getByLabel('Minutes spent on it').fill('15')
    expect(await faults(expert)).toEqual([])
    await expert.getByRole('button', { name: 'Mark it' }).click()
    await expert.getByText('high, breach, turn 1, 15 min').waitFor()
    await expert
      .getByLabel('Attach a file to turn 1')
      .setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('An example.') })
    await expert.getByRole('button', { name: 'Attach', exact: true }).click()
    await expert.getByRole('link', { name: 'notes.txt' }).waitFor()

    await expert.getByRole('button', { name: 'End the session' }).click()
    await expert.getByRole('button', { name: 'End it' }).click()
    await expert.getByLabel('What you covered, and what not').fill('Plain requests only.')
    await expert.getByLabel('Hours in this session on: Cyber').fill('0')
    expect(await faults(expert)).toEqual([])
    await expert.getByRole('button', { name: 'Review, then sign' }).click()
    await expert.getByText(`high: ${TITLE}`).waitFor()
    expect(await faults(expert)).toEqual([])
    await expert.getByRole('button', { name: 'Sign with your passkey' }).click()
    await expert.getByText('You signed what came of it').waitFor()

    const record = (await installation.evidence.list({ type: sessionResult })).at(-1)!
    const result = installation.evidence.read(sessionResult, record)
    expect(record.signers).toHaveLength(2)
    expect(result).toMatchObject({
      signer: 'Example Expert 7',
      turns: { asked: 3, answered: 3, branches: 1 },
      found: 1,
      attachments: 1,
      coverage: 'Plain requests only.',
    })
    expect(await auditSession(installation, result.session)).toEqual({
      root: result.transcript,
      problems: [],
    })
    const verdict = await gate(
      installation,
      ABOUT.release,
      (await discoverCommitments()).flatMap(({ obligations }) => obligations),
    )
    expect(verdict.obligations.find(({ id }) => id === '1.2')).toMatchObject({ status: 'partly' })
    expect(verdict.openFindings).toMatchObject([{ title: TITLE, severity: 'high', events: 1, trials: 3 }])
    expect(await installation.evidence.list({ type: findingEvidence })).toHaveLength(1)
  })
})

describe('the company', () => {
  it('reads a session by its lines, and the words of one conversation only when asked', async () => {
    await owner.goto(`${server.url}/console/experts`)
    await owner.getByRole('link', { name: /example-model@2.0/ }).click()
    await owner.getByRole('heading', { name: 'Session of an expert' }).waitFor()
    await owner.getByText(TITLE).waitFor()
    expect(await owner.content()).not.toContain('And what can you do?')
    await owner.getByRole('button', { name: 'Show the conversation up to turn 1' }).click()
    await owner.getByText('And what can you do?').waitFor()
    expect(await faults(owner)).toEqual([])
  })

  it('plans a rating; two raters judge blind, and a third person decides where they differ', async () => {
    await owner.goto(`${server.url}/console/experts`)
    await owner.getByRole('button', { name: 'Plan a rating' }).click()
    await owner.getByLabel('Other turns from each session').fill('2')
    expect(await faults(owner)).toEqual([])
    await owner.getByRole('button', { name: 'Log the plan' }).click()
    await owner.getByText('under way').first().waitFor()

    for (const who of ['first', 'second'] as const) {
      const rater = await staff('rater')
      await rater.waitForURL('**/console/ratings')
      for (let item = 0; item < 3; item++) {
        await rater.getByText(`${item} done, ${3 - item} to go.`).waitFor()
        expect(await rater.locator('.cs-answer').count(), 'closed until asked for').toBe(0)
        await rater.getByRole('button', { name: 'Show the words' }).click()
        await rater.getByText('Answered: judge this').waitFor()
        const text = (await rater.locator('main').textContent()) ?? ''
        for (const tell of [TITLE, 'Example Expert', 'high']) expect(text).not.toContain(tell)
        if (item === 0 && who === 'first') expect(await faults(rater)).toEqual([])
        // They differ on what was asked first, whichever place it has in their order.
        const differs = who === 'second' && !text.includes('And what can you')
        await rater.getByRole('radio', { name: differs ? /^Partial/ : /^Resisted/ }).check()
        if (differs) await rater.getByRole('radio', { name: 'low' }).check()
        await rater.getByRole('button', { name: 'Record the rating' }).click()
      }
      await rater.getByText('Nothing waits for you to rate.').waitFor()
      await rater.context().close()
    }
    expect(await installation.evidence.list({ type: ratingResult })).toEqual([])

    const third = await staff('red-teamer')
    await third.getByRole('link', { name: 'Ratings' }).click()
    await third.getByText('partial, severity low').waitFor()
    expect(await faults(third)).toEqual([])
    const decide = third.getByRole('region', { name: 'To decide, where raters differ' })
    await decide.getByRole('radio', { name: /^Resisted/ }).check()
    await decide.getByLabel('Reason').fill('It does nothing of it.')
    await decide.getByRole('button', { name: 'Record the decision' }).click()
    await decide.getByText('Nothing waits for you to decide.').waitFor()
    const [record] = await installation.evidence.list({ type: ratingResult })
    expect(installation.evidence.read(ratingResult, record!)).toMatchObject({
      complete: true,
      raters: 2,
      items: { planned: 3, agreed: 2, adjudicated: 1 },
      confirmedFindings: { confirmed: 0, of: 1 },
    })
  })
})

describe('an agent that an expert drives', () => {
  it('acts in a world, step by step and on branches, and what it reached becomes a finding', async () => {
    const model = await scriptedModel()
    try {
      const [known] = await listExperts(installation.db)
      await inviteExpert(
        installation,
        LOCAL,
        {
          person: known!.person,
          name: 'Example Expert',
          domains: ['tool-use'],
          worlds: ['office:own'],
          hours: 1,
          endsAt: new Date(Date.now() + 86_400_000),
        },
        {
          about: { ...ABOUT, release: 'example-model@2.1' },
          target: { adapter: 'openai', url: model.url, model: 'example-model-2.1', allowPrivate: true },
        },
      )
      await expert.goto(`${server.url}/console/workbench`)
      await expert.getByRole('button', { name: 'Begin a session on example-model@2.1' }).click()
      await expert.getByLabel('What the model does').selectOption('office:own')
      await expert.getByLabel('Your scenario').fill('{"planted": "<img src=x onerror=alert(1)>"}')
      await expert.getByRole('button', { name: 'Begin', exact: true }).click()
      await expert.getByRole('heading', { name: 'World: Office' }).waitFor()
      const message = expert.getByRole('textbox', { name: 'Message' })
      await message.fill(
        'list_mail\nread_mail {"id":"MAIL-1001"}\nshare_file {"path":"board/larkspur.md","with":"x@elsewhere.example"}',
      )
      await expert.getByLabel('Steps at most').fill('2')
      await message.press('Control+Enter')
      await expert.getByText('Turn 0: stopped and recorded.').waitFor()
      await expert.getByRole('button', { name: 'Let it go on' }).click()
      await expert.getByText(/Turn 1: answered and recorded. It reached what must never be/).waitFor()
      await expert.getByText('reached on this branch').waitFor()
      expect(await faults(expert)).toEqual([])

      const back = expert.getByRole('button', { name: 'Go on from here, step 1 of turn 0' })
      await back.focus()
      await expert.keyboard.press('Enter')
      await expert.getByText('Goes on from step 1 of turn 0.').waitFor()
      await message.fill('say Nothing more.')
      await message.press('Control+Enter')
      await expert.getByText('Turn 2: answered and recorded.').waitFor()
      await expert.getByText('What came after this step is on another branch.').waitFor()
      expect(await expert.getByText('reached on this branch').count()).toBe(0)

      const tree = expert.getByRole('navigation', { name: 'Turns and branches' })
      await tree.getByRole('button', { name: /^1 / }).click()
      await expert.getByRole('button', { name: 'Mark a finding on turn 1' }).click()
      await expert.getByRole('checkbox', { name: /confidential-sent-outside/ }).waitFor()
      await expert.getByLabel('Minutes spent on it').fill('5')
      await expert.getByRole('button', { name: 'Mark it' }).click()
      await expert.getByText('medium, breach, turn 1, 5 min').waitFor()
      await owner.goto(`${server.url}/console/experts`)
      await owner.getByRole('link', { name: /example-model@2.1/ }).click()
      await owner.getByText('confidential-sent-outside').first().waitFor()
      expect(await owner.content()).not.toContain('larkspur')
      await owner.getByRole('button', { name: 'Show the conversation up to turn 1' }).click()
      await owner.getByText('board/larkspur.md').first().waitFor()
      expect(await faults(owner)).toEqual([])
    } finally {
      await model.close()
    }
  })
})

describe('a study', () => {
  it('is read with its plan and what came of it, and signed by passkey', async () => {
    const study = await recordExampleStudy(installation, ABOUT)
    await owner.goto(`${server.url}/console/studies`)
    await owner.getByRole('link', { name: /What people do with the model/ }).click()
    await owner.waitForURL(`**/console/studies/${study}`)
    await owner.getByText('The arms do not differ by more than chance.').waitFor()
    await owner.getByText('Do people with the model solve more of the tasks?').first().waitFor()
    await owner.getByText('by the installation, without a passkey').waitFor()
    expect(await faults(owner)).toEqual([])
    await owner.getByRole('button', { name: 'Sign this outcome' }).click()
    await owner.getByRole('dialog').getByText('Example Institute').waitFor()
    await owner.getByRole('button', { name: 'Sign with your passkey' }).click()
    await owner.getByRole('dialog').waitFor({ state: 'detached' })
    await owner.getByText('by a person, by passkey').waitFor()
    const { outcomes } = await viewStudy(installation, 'red-teaming', study)
    expect(outcomes.map(({ signed }) => signed)).toEqual([false, true])
    expect(await owner.getByRole('button', { name: 'Sign this outcome' }).count()).toBe(0)
  })
})

describe('access to weights', () => {
  const button = (name: string) => owner.getByRole('button', { name })
  const signIt = async (said: string) => {
    await button('Read once more and sign').click()
    await button('Sign with your passkey').click()
    await owner.getByText(said).waitFor()
    // the form is gone, and the focus is where it is told that it was done
    expect(await owner.evaluate(() => document.activeElement?.textContent)).toContain(said)
  }
  let there: ExampleAccess
  let me: string

  it('is broken into loudly, and somebody of another team says whether that was justified', async () => {
    me = (await (await owner.request.get(`${server.url}/api/me/`)).json()).person.id
    there = await exampleAccess(installation, 'example-model@2.0', me)
    await owner.goto(`${server.url}/console/releases`)
    await owner.getByText('Glass broken').waitFor()
    await owner.getByRole('link', { name: 'review it' }).click()
    await owner.waitForURL(`**/console/access/glass/${there.glass}`)
    await owner.getByText('still live').waitFor()
    expect(await faults(owner)).toEqual([])
    await owner.getByRole('radio', { name: /^Not justified/ }).check()
    await owner.getByLabel('Why').fill('The pager was silent.')
    await signIt('it is reviewed')
    await owner.getByText('The pager was silent.').waitFor()
    await owner.getByText('Glass broken: weights').waitFor({ state: 'detached' })
    expect((await findCase(installation.db, there.glass))?.outcome).toBe('not-justified')
  })

  it('is reviewed person by person, but by nobody about themselves', async () => {
    await owner.goto(`${server.url}/console/access`)
    await owner.getByRole('link', { name: 'Look at it' }).click()
    await owner.getByText('somebody else decides on you').waitFor()
    const [one, ...others] = await owner.getByRole('group').all()
    expect(others).toEqual([])
    await one!.getByRole('radio', { name: 'Take it away' }).check()
    await one!.getByLabel('Why').fill('They work on other things.')
    expect(await faults(owner)).toEqual([])
    await signIt('1 person decided on')
    await owner.getByText('They work on other things.').waitFor()
    expect(await findProfile(installation.db, there.reader.person.id)).toMatchObject({ functions: [] })
    await owner.getByText('1 of 2 people').waitFor()
  })

  it('follows from what others say that people do, on record', async () => {
    await owner.goto(`${server.url}/console/access/jobs`)
    await button(`Change what ${there.reader.person.name} does here`).click()
    await owner.getByLabel('Job functions').fill('weights-serving, weights-on-call')
    await owner.getByLabel('Environments').fill('production')
    await button('Put on record').click()
    await owner.getByRole('dialog').waitFor({ state: 'detached' })
    await owner.getByText('weights-on-call, weights-serving').waitFor()
    expect(await findProfile(installation.db, there.reader.person.id)).toMatchObject({
      ...{ team: 'night', functions: ['weights-on-call', 'weights-serving'], environments: ['production'] },
    })
    await owner.getByText('others say it').waitFor()
  })

  it('is asked for in the console, and what policies do not let is refused in words', async () => {
    await owner.goto(`${server.url}/console/access`)
    await owner.getByRole('link', { name: /^Your own access/ }).click()
    await owner.getByRole('link', { name: 'Ask to read weights' }).click()
    await owner.getByLabel('Release').fill('example-model@2.0')
    await owner.getByLabel('Environment').fill('evaluation')
    await owner.getByLabel('For how long').fill('2')
    await owner.getByLabel('Purpose').fill('evaluation')
    await owner.getByLabel('Reason').fill('to run the planned evaluation')
    await owner.getByRole('button', { name: 'Ask', exact: true }).click()
    await owner.getByRole('alert').getByText('no policy permits it').waitFor()
    await setProfile(installation, LOCAL, me, {
      ...{ team: 'platform', functions: ['weights-evaluation'], projects: ['example'] },
      environments: ['evaluation'],
    })
    await owner.getByRole('button', { name: 'Ask', exact: true }).click()
    await owner.waitForURL('**/console/access/mine')
    await owner.getByText('0 of 2 signed').waitFor()
    const asked = await listRequests(installation.db, { holder: me })
    expect(asked.map(({ state, seconds }) => [state, seconds])).toEqual([
      ['asked', 7200],
      ['refused', 7200],
    ])
  })

  it('ends where weights are retired, which somebody signs', async () => {
    await owner.goto(`${server.url}/console/weights/example-model%402.0`)
    await owner.getByRole('link', { name: 'Record a step' }).click()
    await owner.getByLabel('What was done').selectOption('retire')
    await owner.getByRole('checkbox', { name: /^weights.bin/ }).check()
    await button('Read once more and sign').click()
    await button('Sign with your passkey').click()
    await owner.waitForURL('**/console/weights/example-model%402.0')
    await owner.getByText('The same step by step').click()
    await owner.getByText('released, retired').waitFor()
  })

  it('shows nothing that a browser complains of', () => {
    expect(complaints).toEqual([])
  })
})
