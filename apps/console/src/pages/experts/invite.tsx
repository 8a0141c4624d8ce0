import { Field, Notice } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../api.ts'
import { type ExpertRow, type InvitedExpert, outside } from '../../outside-data.ts'
import { FormDialog } from '../../parts/act.tsx'
import { Asked } from '../../parts/asked.tsx'
import { DOMAINS, DomainChoices } from '../../parts/domains.tsx'
import { Secret } from '../../parts/secret.tsx'
import { Select } from '../../parts/select.tsx'
import { stepUp } from '../../parts/step-up.tsx'
import { Moment } from '../../parts/time.tsx'

type Link = NonNullable<InvitedExpert['link']>

/** Invites someone to test a model; the link is shown this once. */
export function InviteExpert({ experts }: { experts: readonly ExpertRow[] }) {
  return (
    <FormDialog<InvitedExpert>
      trigger="Invite an expert"
      title="Invite an expert"
      says="They test until the day you name and are let in no longer. They see their own sessions, and nothing else."
      submit="Invite"
      tone="primary"
      act={(form) => {
        const person = String(form.get('person'))
        const body = {
          name: String(form.get('name')).trim() || 'Expert',
          campaign: form.get('campaign'),
          domains: form.getAll('domains'),
          hours: Number(form.get('hours')),
          endsAt: new Date(`${form.get('until')}T23:59:59.999`).toISOString(),
          systemPrompt: form.get('systemPrompt') !== null,
          worlds: form.getAll('worlds'),
          ...(person !== '' && { person }),
        }
        return stepUp(() => ask<InvitedExpert>('/red-teaming/experts', { body }))
      }}
      after={(invited) =>
        invited.link ? (
          <LinkOnce link={invited.link} />
        ) : (
          <p>They are invited, and find it when they sign in.</p>
        )
      }
    >
      <Models />
      <Select
        id="expert-person"
        name="person"
        label="Who"
        options={[
          { value: '', label: 'Someone new' },
          ...experts.map(({ person, name }) => ({ value: person, label: name })),
        ]}
      />
      <Field
        id="expert-name"
        name="name"
        label="Name or pseudonym, of someone new"
        hint="What you call them here. How they want to be named, they say themselves."
        autoComplete="off"
      />
      <DomainChoices legend="Domains they are to test" domains={DOMAINS} />
      <Field id="expert-hours" name="hours" type="number" label="Hours agreed" value="8" required />
      <div className="av-field">
        <label htmlFor="expert-until">Last day</label>
        <input id="expert-until" name="until" type="date" className="av-input" required />
      </div>
      <label className="cs-check">
        <input type="checkbox" name="systemPrompt" /> They may set a system prompt
      </label>
      <Worlds />
    </FormDialog>
  )
}

/** Simulated worlds that the model may be let act in: none unless chosen. */
function Worlds() {
  const worlds = useQuery(outside.worlds)
  return (
    <Asked of={worlds}>
      {(all) => (
        <fieldset className="cs-choices">
          <legend>Simulated worlds they may let the model act in</legend>
          {all.map(({ name, title }) => (
            <label key={name}>
              <input type="checkbox" name="worlds" value={name} /> {title}, as it comes and as our packs set
              it up
            </label>
          ))}
          {all.map(({ name, title }) => (
            <label key={name}>
              <input type="checkbox" name="worlds" value={`${name}:own`} /> {title}, as they set it up
              themselves
            </label>
          ))}
        </fieldset>
      )}
    </Asked>
  )
}

/** The models that campaigns asked: an address is named on the command line alone. */
function Models() {
  const models = useQuery(outside.models)
  return (
    <Asked of={models}>
      {(all) =>
        all.length === 0 ? (
          <Notice title="No campaign has asked a model yet">
            <p>
              Run one first, or invite by <code>avouch red-team invite</code>, which takes an address.
            </p>
          </Notice>
        ) : (
          <Select
            id="expert-campaign"
            name="campaign"
            label="Model"
            hint="As a campaign asked it. Its address stays with you."
            required
            options={all.map(({ campaign, about, model }) => ({
              value: campaign,
              label: `${about.release}, ${about.configuration} (${model})`,
            }))}
          />
        )
      }
    </Asked>
  )
}

/** A new link for whoever lost theirs, or their passkeys. */
export function NewLink({ expert }: { expert: ExpertRow }) {
  return (
    <FormDialog<Link>
      trigger="New link"
      label={`New link for ${expert.name}`}
      title={`A new link for ${expert.name}`}
      says="For whoever lost their link or their passkeys. Earlier links that were not used end."
      submit="Make the link"
      act={() => stepUp(() => ask<Link>(`/red-teaming/experts/${expert.id}/link`, { method: 'POST' }))}
      after={(link) => <LinkOnce link={link} />}
    />
  )
}

function LinkOnce({ link }: { link: Link }) {
  return (
    <Secret label={`Link for ${link.name}`} value={link.url}>
      It is shown only now, and works once until <Moment at={link.expiresAt} />. Send it by a way you trust:
      whoever opens it first is let in.
    </Secret>
  )
}
