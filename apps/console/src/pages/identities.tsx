import { Digest, EmptyState, Field, PageHead, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { accessQuestions } from '../access-data.ts'
import { questions } from '../data.ts'
import { type Identity, linkIdentity, oversightQuestions } from '../oversight-data.ts'
import { ActButton, FormDialog } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { EvidenceLink } from '../parts/evidence-link.tsx'
import { useMay } from '../parts/may.ts'
import { Pages, pageOf } from '../parts/paged.tsx'
import { PersonName } from '../parts/person-name.tsx'
import { Select } from '../parts/select.tsx'
import { stepUp } from '../parts/step-up.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'

/** Which names in events are which person, so that nobody decides on an alert about themselves. */
export function Identities() {
  useTitle('Names in events')
  const { page, name } = useSearch({ from: '/inside/alerts/identities' })
  const identities = useQuery(oversightQuestions.identities)
  const may = useMay()
  return (
    <>
      <PageHead
        title="Names in events"
        crumbs={[{ label: 'Alerts', href: '/console/alerts' }, { label: 'Names in events' }]}
      >
        <p>
          Audit logs know people by other names: a role, an account, an address. Whoever such a name stands
          for decides on no alert about it. Nobody says it of themselves; every change is on record.
        </p>
      </PageHead>
      <div className="cs-stack">
        {may('weight-security:assign') && <Link name={name} />}
        <Asked of={identities}>
          {({ identities: all }) => {
            const { shown, ...place } = pageOf(all, page)
            return all.length === 0 ? (
              <EmptyState title="No name is linked to anybody">
                <p>
                  An e-mail address is known to be its owner’s. Every other name that events have somebody go
                  by is to be linked here, or with <code>avouch weights identity link NAME --person ID</code>.
                </p>
              </EmptyState>
            ) : (
              <>
                <Shown identities={shown} mayChange={may('weight-security:assign')} />
                <Pages {...place} what="names" />
              </>
            )
          }}
        </Asked>
      </div>
    </>
  )
}

function Shown({ identities, mayChange }: { identities: readonly Identity[]; mayChange: boolean }) {
  const me = useQuery(questions.me).data?.person.id
  return (
    <Table
      columns={[
        { label: 'Name in events' },
        { label: 'Person' },
        { label: 'Since' },
        { label: 'Record' },
        ...(mayChange ? [{ label: 'Act' }] : []),
      ]}
      rows={identities.map(({ name, person, since, evidence }) => ({
        key: name,
        cells: [
          <Digest key="name">{name}</Digest>,
          <PersonName key="person" id={person} />,
          <Moment key="since" at={since} />,
          <EvidenceLink key="evidence" id={evidence} />,
          ...(mayChange
            ? [
                person === me ? (
                  <span key="self" className="cs-small">
                    others say it
                  </span>
                ) : (
                  <ActButton
                    key="unlink"
                    label={`Unlink ${name}`}
                    act={() => stepUp(() => linkIdentity(name, null))}
                  >
                    Unlink
                  </ActButton>
                ),
              ]
            : []),
        ],
      }))}
    />
  )
}

function Link({ name }: { name: string | undefined }) {
  const people = useQuery(accessQuestions.people)
  const me = useQuery(questions.me).data?.person.id
  const others = (people.data?.people ?? []).filter(({ id, state }) => id !== me && state !== 'disabled')
  return (
    <FormDialog
      trigger="Link a name"
      title="Say whom a name stands for"
      says="From then on they decide on no alert about it. It takes a passkey used lately."
      submit="Put on record"
      act={(form) =>
        stepUp(() => linkIdentity(String(form.get('name') ?? '').trim(), String(form.get('person') ?? '')))
      }
    >
      <Field
        id="identity-name"
        name="name"
        label="Name, as events have it"
        hint="Such as arn:aws:iam::000000000000:user/example"
        value={name}
        required
      />
      <Select
        id="identity-person"
        name="person"
        label="Person"
        options={others.map(({ id, name: known }) => ({ value: id, label: known }))}
        required
      />
    </FormDialog>
  )
}
