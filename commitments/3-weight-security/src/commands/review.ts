import type { Subcommand, Verb } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { listItems, listReviews } from '../access/review-store.ts'

const open: Subcommand = {
  summary: 'Begin a review of everyone’s access now; people decide it in the console, by passkey',
  async run({ installation, terminal }) {
    const { openReview, reviewPage } = await import('../access/review.ts')
    const review = await openReview(installation)
    const items = await listItems(installation.db, review.id)
    terminal.say(
      `Review ${review.id}: ${counted(items.length, 'person', 'people')} to decide on, by ${review.dueAt.toISOString()}.`,
    )
    terminal.say(`People decide it at ${reviewPage(installation, review.id)}`)
    terminal.result({ ...review, items })
    return 0
  },
}

const reviews: Subcommand = {
  summary: 'List reviews of access and how far they are; exits 1 where one is overdue',
  async run({ installation, terminal }) {
    const found = []
    for (const review of await listReviews(installation.db)) {
      const items = await listItems(installation.db, review.id)
      const decided = items.filter(({ decision }) => decision !== undefined).length
      found.push({ ...review, people: items.length, decided })
      terminal.say(
        `${review.id}  begun ${review.openedAt.toISOString()}  ${decided} of ${items.length} decided  ${
          review.closedAt ? `closed ${review.closedAt.toISOString()}` : `due ${review.dueAt.toISOString()}`
        }`,
      )
    }
    if (found.length === 0) terminal.say('Access has never been reviewed.')
    terminal.result(found)
    const now = installation.now()
    return found.some(({ closedAt, dueAt }) => closedAt === undefined && dueAt < now) ? 1 : 0
  },
}

/** `avouch weights review`: everyone's access, looked at person by person; decided in the console. */
export const reviewCommands: Verb = { 'review open': open, 'review list': reviews }
