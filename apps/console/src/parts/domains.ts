const titles: Record<string, string> = {
  cbr: 'Biological, chemical and radiological',
  cyber: 'Cyber',
  'tool-use': 'Tool use and physical systems',
  'self-replication': 'Self-replication',
  societal: 'Societal risk',
}

/** How a reader is told of a domain; an unknown one by its own name. */
export function domainTitle(domain: string): string {
  return titles[domain] ?? domain
}
