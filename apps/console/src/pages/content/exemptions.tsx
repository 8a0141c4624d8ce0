import { EmptyState, Field, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { ask, begin, finish } from '../../api.ts'
import { contentQuestions, type Exemption, type MarkingService } from '../../content-data.ts'
import { FormDialog } from '../../parts/act.tsx'
import { Asked } from '../../parts/asked.tsx'
import { EvidenceLink } from '../../parts/evidence-link.tsx'
import { useMay } from '../../parts/may.ts'
import { Moment } from '../../parts/time.tsx'

const PATH = '/content-provenance/exemptions'

/** Classes of content that are not marked: in force, waiting for signatures, or withdrawn. */
export function Exemptions({ services }: { services: readonly MarkingService[] }) {
  const exemptions = useQuery(contentQuestions.exemptions)
  const may = useMay()
  return (
    <Section title="Content that is exempt" id="exempt">
      <div className="cs-stack">
        <Asked of={exemptions}>
          {({ exemptions: all }) =>
            all.length === 0 ? (
              <EmptyState title="Nothing is exempt">
                <p>
                  All content is to be marked. A class that anyone tells apart, such as an assistant’s default
                  voice, may be exempt once two people have signed the reason.
                </p>
              </EmptyState>
            ) : (
              <Shown exemptions={all} mayWithdraw={may('content-provenance:approve')} />
            )
          }
        </Asked>
        {may('content-provenance:exempt') && <Propose services={services} />}
      </div>
    </Section>
  )
}

function Shown({ exemptions, mayWithdraw }: { exemptions: readonly Exemption[]; mayWithdraw: boolean }) {
  return (
    <Table
      columns={[
        { label: 'Class' },
        { label: 'Release' },
        { label: 'What and why' },
        { label: 'State' },
        { label: 'Record' },
      ]}
      rows={exemptions.map((one) => ({
        key: one.evidence ?? one.approval?.id ?? one.class,
        cells: [
          one.class,
          one.release ?? 'of none, so it counts nowhere',
          <Words key="why" of={one} />,
          <State key="state" of={one} />,
          <span key="record" className="cs-acts">
            {one.evidence && <EvidenceLink id={one.evidence} />}
            {one.approval && <a href="/console/approvals">Approvals</a>}
            {one.state === 'in-force' && mayWithdraw && <Withdraw of={one} />}
          </span>,
        ],
      }))}
    />
  )
}

function Words({ of: { description, reason, approval } }: { of: Exemption }) {
  if (approval) return <span className="cs-text">{approval.summary}</span>
  if (description === null && reason === null) return <>It was erased</>
  return (
    <span className="cs-text">
      {description} <span className="cs-soft">{reason}</span>
    </span>
  )
}

function State({ of: { state, at, approval } }: { of: Exemption }) {
  if (state === 'waiting')
    return (
      <>
        Not yet: {approval?.signed} of {approval?.needed} signed; lapses <Moment at={at} />
      </>
    )
  if (state === 'unsigned') return <b className="cs-alert">Signed by nobody: it counts for nothing</b>
  return (
    <>
      {state === 'in-force' ? 'Exempt since ' : 'Withdrawn '}
      <Moment at={at} />
    </>
  )
}

function Withdraw({ of }: { of: Exemption }) {
  return (
    <FormDialog
      trigger="Withdraw"
      label={`Withdraw the exemption of ${of.class}`}
      title={`Mark ${of.class} again`}
      says="You sign with your passkey. From then on content of this class is to be marked, and what still waits to exempt it lapses."
      submit="Sign with your passkey"
      tone="alert"
      act={async (form) => {
        const path = `${PATH}/${of.evidence}/withdrawal`
        return finish(path, await begin(path, { reason: form.get('reason') }))
      }}
    >
      <Field
        id={`withdraw-${of.evidence}`}
        name="reason"
        label="Why it is exempt no longer"
        hint="Kept as evidence. At least twenty characters."
        lines={4}
        required
      />
    </FormDialog>
  )
}

function Propose({ services }: { services: readonly MarkingService[] }) {
  const model = services.find((one) => one.model.includes('@'))
  return (
    <FormDialog
      trigger="Propose an exemption"
      title="Propose that a class of content is not marked"
      says="Two other people read your words and sign. Until they have, all of it is to be marked."
      submit="Ask two people"
      act={(form) =>
        ask(PATH, {
          body: Object.fromEntries(
            ['model', 'class', 'description', 'reason'].map((name) => [name, form.get(name)]),
          ),
        })
      }
      after={() => (
        <p>
          Asked. It waits under <a href="/console/approvals">approvals</a> for two people to sign.
        </p>
      )}
    >
      <Field
        id="exempt-model"
        name="model"
        label="Service and release"
        hint="SERVICE/NAME@VERSION"
        value={model && `${model.service}/${model.model}`}
        required
      />
      <Field
        id="exempt-class"
        name="class"
        label="Class"
        hint="A short name in small letters, digits and dashes, such as default-voice"
        required
      />
      <Field id="exempt-what" name="description" label="What the content is" lines={2} required />
      <Field
        id="exempt-why"
        name="reason"
        label="How anyone tells it apart"
        hint="Or by what it was made to be recognised. At least twenty characters."
        lines={4}
        required
      />
    </FormDialog>
  )
}
