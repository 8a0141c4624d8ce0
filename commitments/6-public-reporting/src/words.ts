const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })
const minutes = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** "3 March 2027", in UTC. */
export function day(moment: string | Date): string {
  return days.format(new Date(moment))
}

/** "3 March 2027 at 14:05 UTC". */
export function minute(moment: string | Date): string {
  return `${minutes.format(new Date(moment))} UTC`
}

/** What a configuration means, for readers who do not know the word. */
export function configurationWords(configuration: string | undefined): string {
  switch (configuration) {
    case 'bare':
      return 'bare: the model without safeguards'
    case 'safeguarded':
      return 'safeguarded: the model behind its safeguards'
    case 'product':
      return 'product: as people use it'
    default:
      return 'not recorded'
  }
}

/** ", in its safeguarded configuration (the model behind its safeguards)"; empty where none is recorded. */
export function configurationPhrase(configuration: string | undefined): string {
  const [name, meaning] = configurationWords(configuration).split(': ')
  return meaning === undefined ? '' : `, in its ${name} configuration (${meaning})`
}

/** "a, b and c". */
export function listing(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

const domains: Record<string, string> = { cbr: 'Biological, chemical and radiological' }

/** A domain's short name as words: "tool-use" → "Tool use". */
export function domainWords(domain: string): string {
  const words = domain.replaceAll('-', ' ')
  return domains[domain] ?? words.charAt(0).toUpperCase() + words.slice(1)
}
