import { KeyValues, Notice } from '@avouch/ui'
import type { Layers } from '../../content-data.ts'
import { Moment } from '../../parts/time.tsx'
import { counted } from '../../parts/words.ts'

/** A certificate is to be renewed this long before it runs out. */
const SOON_DAYS = 30

/** What is wrong with the layers, or soon will be. `marking`: something was marked already. */
export function LayerNotices({ layers, marking }: { layers: Layers; marking: boolean }) {
  const { problems, watermarkKey, signer } = layers
  return (
    <>
      {problems.length > 0 && (
        <Notice tone="alert" title="Marks cannot be made or read as they should be">
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
      {marking && watermarkKey === false && (
        <Notice tone="alert" title="The watermark key is gone">
          <p>
            Without <code>content-watermark.key</code> no mark made so far can be read. Restore it from a
            backup before anything else is marked: the next mark would make a new key.
          </p>
        </Notice>
      )}
      {signer === null && problems.length === 0 && (
        <Notice tone="alert" title="No manifest is signed">
          <p>
            This installation has no certificate. Install one with{' '}
            <code>avouch content certificate CHAIN KEY</code>; <code>avouch content ca</code> makes one for
            trying out.
          </p>
        </Notice>
      )}
      {signer && signer.daysLeft < SOON_DAYS && (
        <Notice
          tone="alert"
          title={
            signer.daysLeft < 0
              ? 'The certificate has run out'
              : `The certificate runs out in ${counted(signer.daysLeft, 'day')}`
          }
        >
          <p>
            Others will not accept manifests signed after that. Install the next one with{' '}
            <code>avouch content certificate CHAIN KEY</code>.
          </p>
        </Notice>
      )}
    </>
  )
}

/** What marks rest on, one by one. */
export function LayerSettings({ layers }: { layers: Layers }) {
  const { watermarkKey, signer, timeStamped, trustList, feedback } = layers
  return (
    <KeyValues
      pairs={[
        {
          term: 'Watermark key',
          value:
            watermarkKey === null
              ? 'It cannot be read'
              : watermarkKey
                ? 'There, to be kept in backups: without it no mark can be read'
                : 'None yet; the first mark makes it',
        },
        { term: 'Signs manifests', value: signer?.subject ?? 'Nobody' },
        {
          term: 'Certificate until',
          value: signer && (
            <>
              <Moment at={signer.until} />
              {signer.daysLeft >= 0 && `, ${counted(signer.daysLeft, 'day')} left`}
            </>
          ),
        },
        {
          term: 'Dated by others',
          value: timeStamped ? 'By a time-stamping authority' : 'No time-stamping authority is configured',
        },
        {
          term: 'Trust list',
          value:
            trustList === 0
              ? 'Empty: no manifest of anybody is called trusted'
              : counted(trustList, 'authority', 'authorities'),
        },
        { term: 'Feedback goes to', value: feedback ?? 'No address is configured' },
      ]}
    />
  )
}
