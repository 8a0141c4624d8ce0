import type { Claim } from '@avouch/core/gate'

export type SectionId = Claim['section']

/** A section of every report: its heading, what it is for, and the obligations it answers. */
export type SectionPlan = { id: SectionId; title: string; about: string; answers: readonly string[] }

/** The sections of every report, always all of them and in this order, so that two reports can be laid side by side. */
export const sectionPlans: readonly SectionPlan[] = [
  {
    id: 'scope',
    title: 'Scope',
    about: 'Whether this release is bound by the commitments, and how sure that is.',
    answers: ['0.1'],
  },
  {
    id: 'capabilities',
    title: 'Known capabilities',
    about: 'What the release is known to do.',
    answers: ['6.3'],
  },
  {
    id: 'limitations',
    title: 'Significant limitations',
    about: 'Where the release is known to fail.',
    answers: ['6.3'],
  },
  {
    id: 'domains-of-use',
    title: 'Domains of use',
    about: 'What the release is meant for, and what it must not be used for.',
    answers: ['6.3'],
  },
  {
    id: 'safety-evaluations',
    title: 'Safety evaluations',
    about: 'Which evaluations were conducted, dangerous capabilities included.',
    answers: ['6.2'],
  },
  {
    id: 'adversarial-testing',
    title: 'Adversarial testing',
    about: 'What attackers, by machine and by hand, brought the release to do.',
    answers: ['6.5'],
  },
  {
    id: 'societal-risk',
    title: 'Societal risk',
    about: 'Effects on fairness, bias, privacy and children.',
    answers: ['6.4'],
  },
  { id: 'security', title: 'Security', about: 'How weights and systems are guarded.', answers: [] },
  {
    id: 'open-flaws',
    title: 'Open flaws',
    about:
      'What is known to be wrong with this release and not yet mended. It stands here against the company itself.',
    answers: [],
  },
]
