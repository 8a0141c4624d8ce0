import { Digest, EmptyState, Field, PageHead, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { oversightQuestions, type Pinning, pinSigner, type Signer, unpinSigner } from '../oversight-data.ts'
import { FormDialog } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { EvidenceLink } from '../parts/evidence-link.tsx'
import { useMay } from '../parts/may.ts'
import { stepUp } from '../parts/step-up.tsx'
import { useTitle } from '../parts/title.ts'

/** Who signs models for the company; signatures by others do not count. */
export function Signers() {
  useTitle('Who signs models')
  const asked = useQuery(oversightQuestions.signers)
  const may = useMay()
  return (
    <>
      <PageHead
        title="Who signs models"
        crumbs={[{ label: 'Weights', href: '/console/weights' }, { label: 'Who signs models' }]}
      >
        <p>
          A key is soon made; whose it is two people sign. Signatures of models by anybody else do not count,
          and custody tells them apart. Taking somebody off the list counts at once.
        </p>
      </PageHead>
      <div className="cs-stack">
        <Asked of={asked}>
          {({ signers, evidence }) =>
            signers.length === 0 ? (
              <EmptyState title="Nobody is pinned">
                <p>No signature of a model counts until somebody is.</p>
              </EmptyState>
            ) : (
              <>
                <Shown signers={signers} mayChange={may('weight-security:assign')} />
                {evidence && (
                  <p>
                    <EvidenceLink id={evidence} />
                  </p>
                )}
              </>
            )
          }
        </Asked>
        {may('weight-security:assign') && <Pin />}
      </div>
    </>
  )
}

function Shown({ signers, mayChange }: { signers: readonly Signer[]; mayChange: boolean }) {
  return (
    <Table
      columns={[
        { label: 'Whose' },
        { label: 'Signs by' },
        { label: 'SHA-256' },
        ...(mayChange ? [{ label: 'Act' }] : []),
      ]}
      rows={signers.map(({ name, method, signer }) => ({
        key: signer,
        cells: [
          name,
          method,
          <Digest key="digest">{signer}</Digest>,
          ...(mayChange
            ? [
                <FormDialog
                  key="unpin"
                  trigger="Take off"
                  label={`Take off ${name}`}
                  title={`Take ${name} off the list`}
                  says="It counts at once: models that nobody else on the list signed are signed by nobody. It takes a passkey used lately."
                  submit="Take off"
                  tone="alert"
                  act={(form) => stepUp(() => unpinSigner(signer, String(form.get('reason') ?? '')))}
                >
                  <Field id={`unpin-${signer}`} name="reason" label="Why" lines={3} required />
                </FormDialog>,
              ]
            : []),
        ],
      }))}
    />
  )
}

function Pin() {
  return (
    <FormDialog<Pinning>
      trigger="Propose a signer"
      title="Propose who signs models"
      says="Two other people sign before it counts. It takes a passkey used lately."
      submit="Ask two people"
      act={(form) =>
        stepUp(() =>
          pinSigner({
            name: String(form.get('name') ?? ''),
            pem: String(form.get('pem') ?? ''),
            reason: String(form.get('reason') ?? ''),
          }),
        )
      }
      after={({ state }) =>
        state === 'proposed' ? (
          <p>
            Asked. It waits under <a href="/console/approvals">approvals</a> for two people to sign.
          </p>
        ) : (
          <p>The list stands: whoever this is was on it already.</p>
        )
      }
    >
      <Field id="signer-name" name="name" label="Whose it is" hint="Such as the release pipeline" required />
      <Field
        id="signer-pem"
        name="pem"
        label="Public key or certificate"
        hint="PEM, from -----BEGIN to the end. Never the private key."
        lines={6}
        required
      />
      <Field id="signer-reason" name="reason" label="Why" hint="Kept as evidence." lines={3} required />
    </FormDialog>
  )
}
