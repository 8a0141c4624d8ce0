import { Disclosure, EmptyState, Field, Notice, PageHead, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { accessQuestions, type Known, type Policies, type Profile, setJob } from '../access-data.ts'
import { questions } from '../data.ts'
import { FormDialog } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { EvidenceLink } from '../parts/evidence-link.tsx'
import { useMay } from '../parts/may.ts'
import { More } from '../parts/more.tsx'
import { stepUp } from '../parts/step-up.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { counted } from '../parts/words.ts'

/** Who has which job functions, projects and environments; the words that policies go by. */
export function Jobs() {
  useTitle('What people do here')
  const people = useQuery(accessQuestions.people)
  const profiles = useQuery(accessQuestions.profiles)
  const policies = useQuery(accessQuestions.policies)
  return (
    <>
      <PageHead
        title="What people do here"
        crumbs={[{ label: 'Access', href: '/console/access' }, { label: 'What people do here' }]}
      >
        <p>
          Policies go by these words. Nobody says them of themselves; every change is on record and ends all
          leases of that person at once.
        </p>
      </PageHead>
      {policies.data && !policies.data.inForce && (
        <Notice tone="alert" title="No policies are in force, so nobody may read">
          <p>{policies.data.why}</p>
        </Notice>
      )}
      {policies.data?.inForce && <InForce policies={policies.data} />}
      <Asked of={people}>
        {({ people: all }) => (
          <Asked of={profiles}>
            {({ profiles: said }) => <Everyone people={all} profiles={said} policies={policies.data} />}
          </Asked>
        )}
      </Asked>
    </>
  )
}

function InForce({ policies: { policies, since } }: { policies: Policies }) {
  const said = Object.entries(policies)
  return (
    <Disclosure summary={`${counted(said.length, 'policy is', 'policies are')} in force`}>
      <p className="cs-small">
        Adopted <Moment at={since} />. They are files of the installation, changed and tried with{' '}
        <code>avouch weights policy</code>.
      </p>
      <Table
        columns={[{ label: 'Policy' }, { label: 'Says' }]}
        rows={said.map(([id, says]) => ({ key: id, cells: [id, says] }))}
      />
    </Disclosure>
  )
}

function Everyone(props: {
  people: readonly Known[]
  profiles: readonly Profile[]
  policies: Policies | undefined
}) {
  const { people, profiles, policies } = props
  const me = useQuery(questions.me).data?.person.id
  const may = useMay()
  const of = new Map(profiles.map((profile) => [profile.person, profile]))
  // who left matters only where something is still said of them
  const rows = people
    .filter(({ id, state }) => state !== 'disabled' || of.has(id))
    .toSorted((a, b) => Number(of.has(b.id)) - Number(of.has(a.id)) || a.name.localeCompare(b.name))
  if (rows.length === 0)
    return (
      <EmptyState title="Nobody is enrolled">
        <p>People are invited on the page People, or with avouch people invite.</p>
      </EmptyState>
    )
  return (
    <More rows={rows} what="people">
      {(shown) => (
        <Table
          columns={[
            { label: 'Person' },
            { label: 'Team' },
            { label: 'Job functions' },
            { label: 'Projects' },
            { label: 'Environments' },
            { label: 'Said' },
            { label: 'Act' },
          ]}
          rows={shown.map((person) => {
            const job = of.get(person.id)
            return {
              key: person.id,
              cells: [
                <span key="name">
                  {person.name}
                  {person.state !== 'active' && `, ${person.state}`}
                </span>,
                job?.team ?? 'nothing said',
                job?.functions.join(', ') || '—',
                job?.projects.join(', ') || '—',
                job?.environments.join(', ') || '—',
                job ? (
                  <span key="said">
                    <Moment at={job.changedAt} /> <EvidenceLink id={job.evidence} />
                  </span>
                ) : (
                  '—'
                ),
                !may('weight-security:assign') || person.state === 'disabled' ? (
                  '—'
                ) : person.id === me ? (
                  <span key="self" className="cs-small">
                    others say it
                  </span>
                ) : (
                  <Change key="change" person={person} job={job} profiles={profiles} policies={policies} />
                ),
              ],
            }
          })}
        />
      )}
    </More>
  )
}

const wordsIn = (form: FormData, name: string): string[] =>
  String(form.get(name) ?? '')
    .split(/[\s,;]+/)
    .filter((word) => word !== '')

function Change(props: {
  person: Known
  job: Profile | undefined
  profiles: readonly Profile[]
  policies: Policies | undefined
}) {
  const { person, job, profiles, policies } = props
  const others = (of: (profile: Profile) => string[]): string =>
    [...new Set(profiles.flatMap(of))].sort().slice(0, 12).join(', ') || 'none yet'
  const spoken = policies?.words ?? []
  return (
    <FormDialog
      trigger="Change"
      label={`Change what ${person.name} does here`}
      title={`What ${person.name} does here`}
      says="All leases of this person end at once, whatever is changed. It takes a passkey used lately."
      submit="Put on record"
      act={(form) =>
        stepUp(() =>
          setJob(person.id, {
            team: String(form.get('team') ?? '').trim(),
            functions: wordsIn(form, 'functions'),
            projects: wordsIn(form, 'projects'),
            environments: wordsIn(form, 'environments'),
          }),
        )
      }
    >
      <Field
        id={`team-${person.id}`}
        name="team"
        label="Team"
        hint={`Its members do not approve for one another. Others are on: ${others(({ team }) => [team])}`}
        value={job?.team}
        required
      />
      <Field
        id={`functions-${person.id}`}
        name="functions"
        label="Job functions"
        hint={`With spaces between them. Others have: ${others(({ functions }) => functions)}.${spoken.length > 0 ? ` Words in the policies in force: ${spoken.join(', ')}` : ''}`}
        value={job?.functions.join(' ')}
      />
      <Field
        id={`projects-${person.id}`}
        name="projects"
        label="Projects"
        hint={`Others have: ${others(({ projects }) => projects)}`}
        value={job?.projects.join(' ')}
      />
      <Field
        id={`environments-${person.id}`}
        name="environments"
        label="Environments"
        hint={`Others have: ${others(({ environments }) => environments)}`}
        value={job?.environments.join(' ')}
      />
    </FormDialog>
  )
}
