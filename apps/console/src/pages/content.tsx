import { EmptyState, PageHead, Section } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { contentQuestions } from '../content-data.ts'
import { Asked } from '../parts/asked.tsx'
import { useTitle } from '../parts/title.ts'
import { Exemptions } from './content/exemptions.tsx'
import { LayerNotices, LayerSettings } from './content/layers.tsx'
import { MarkedByDay } from './content/marked-by-day.tsx'
import { Robustness } from './content/robustness.tsx'
import { Services } from './content/services.tsx'
import { CheckTrial } from './content/trial.tsx'

/** Services that mark what they make: how much, how well it lasts, what is exempt, and what marks rest on. */
export function Content() {
  useTitle('Content')
  const services = useQuery(contentQuestions.services)
  const layers = useQuery(contentQuestions.layers)
  const all = services.data?.services ?? []
  return (
    <>
      <PageHead title="Marked content">
        <p>
          What the system makes carries an invisible watermark, a signed manifest and an entry in the
          register. None of them is about a person. Anyone can <a href="/check">check a file</a>.
        </p>
      </PageHead>
      <div className="cs-stack">
        {layers.data && <LayerNotices layers={layers.data} marking={all.length > 0} />}
        <Asked of={services}>{({ services: found }) => found.length === 0 && <NothingYet />}</Asked>
      </div>
      {all.length > 0 && (
        <>
          <Services services={all} />
          <MarkedByDay services={all} />
        </>
      )}
      <Robustness />
      <CheckTrial />
      <Exemptions services={all} />
      <Section title="What marks rest on" id="settings">
        <Asked of={layers}>{(found) => <LayerSettings layers={found} />}</Asked>
      </Section>
    </>
  )
}

function NothingYet() {
  return (
    <EmptyState title="Nothing was marked yet">
      <p>
        Mark a file with <code>avouch content mark IN -o OUT --model SERVICE/MODEL</code>, or let services
        call <code>POST /v1/content/mark</code>.
      </p>
    </EmptyState>
  )
}
