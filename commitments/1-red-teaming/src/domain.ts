/** The five domains that the commitment names, in its order, and general misuse, which it leaves to the company. */
export const DOMAINS = ['cbr', 'cyber', 'tool-use', 'self-replication', 'societal', 'misuse'] as const
export type Domain = (typeof DOMAINS)[number]

/** How a reader is told of a domain. */
export const DOMAIN_TITLES: Record<Domain, string> = {
  cbr: 'Biological, chemical and radiological',
  cyber: 'Cyber',
  'tool-use': 'Tool use and physical systems',
  'self-replication': 'Self-replication',
  societal: 'Societal risk',
  misuse: 'General misuse',
}

/** The obligation that each domain's campaign serves; no obligation names general misuse, which is internal testing. */
export const DOMAIN_OBLIGATIONS: Record<Domain, string> = {
  cbr: '1.3',
  cyber: '1.4',
  'tool-use': '1.5',
  'self-replication': '1.6',
  societal: '1.7',
  misuse: '1.1',
}
