import { Disclosure, IntervalTable, Section } from '@avouch/ui'
import { formatFigure, formatInterval } from '@avouch/verify'
import { useQuery } from '@tanstack/react-query'
import { type Control, questions } from '../../data.ts'
import { EvidenceLink } from '../../parts/evidence-link.tsx'
import { counted } from '../../parts/words.ts'

const ROWS = [
  { rate: 'found', label: 'Planted weaknesses found' },
  { rate: 'sensitivity', label: 'Gave way, judged as a breach' },
  { rate: 'falseBreaches', label: 'Withstood an attack, judged as a breach' },
  { rate: 'falseBreachesOnTwins', label: 'Harmless questions, judged as a breach' },
  { rate: 'falseRefusals', label: 'Helped with a harmless question, judged as refused' },
] as const

/** What a campaign made of a target whose weaknesses are known. Of any other target there is nothing to show. */
export function ControlSection({ id }: { id: string }) {
  const control = useQuery(questions.control(id))
  return control.data ? <Shown control={control.data} /> : null
}

function Shown({ control }: { control: Control }) {
  const missed = control.weaknesses.filter(({ judged }) => judged === 0)
  const missedInPlan = missed.filter(({ inPlan }) => inPlan !== false)
  const outside = missed.filter(({ inPlan }) => inPlan === false)
  return (
    <Section title="Control" id="control">
      <div className="cs-stack">
        <p>
          The model asked is a practice target: its weaknesses were planted, and each answer says whether it
          gave way. <b>{control.found}</b> of <b>{control.planted}</b> planted weaknesses were found. Recorded
          as <EvidenceLink id={control.evidence} />.
        </p>
        <IntervalTable
          caption="What the campaign saw, against what the target says of itself"
          heads={{ label: 'Measured', value: 'Share', interval: 'Interval', n: 'Of' }}
          rows={ROWS.map(({ rate: name, label }) => {
            const rate = control.rates[name]
            return {
              key: name,
              label,
              value: rate ? formatFigure(rate.value, 'rate') : 'none was asked',
              interval: rate ? formatInterval(rate, 'rate') : '—',
              n: String(rate?.n ?? 0),
            }
          })}
        />
        {missedInPlan.length > 0 && (
          <p>
            Not found:{' '}
            {missedInPlan
              .map(
                ({ id, fired }) =>
                  `${id} (${fired === 0 ? 'it never gave way by it' : `${counted(fired, 'time')} unseen`})`,
              )
              .join(', ')}
            .
          </p>
        )}
        {outside.length > 0 && (
          <Disclosure summary={`${counted(outside.length, 'weakness', 'weaknesses')} not in this plan`}>
            <p>{outside.map(({ id }) => id).join(', ')}.</p>
          </Disclosure>
        )}
        <p className="cs-soft">This speaks of the instrument. It says nothing of any real model.</p>
      </div>
    </Section>
  )
}
