import type { Manifest, ManifestReading } from './manifest.ts'

/** IPTC's digital source types that say a model had its part. */
const BY_MODEL = new Set(['trainedAlgorithmicMedia', 'compositeWithTrainedAlgorithmicMedia'])

/** Whether what a manifest says is that a model made the content, or a part of it. */
export function saysGenerated({ actions }: Manifest): boolean {
  return actions.some(({ source }) => source !== undefined && BY_MODEL.has(source))
}

/** A manifest in sentences for anyone: what it says, whether that holds, and how far the signer can be trusted. */
export function explainManifest(reading: ManifestReading): string[] {
  if (reading.state === 'absent') return ['The file carries no C2PA manifest. Many programs strip it.']
  if (reading.state === 'unreadable')
    return [`The file carries a C2PA manifest that cannot be read: ${reading.why}.`]
  const { manifest } = reading
  return [...whatItSays(manifest), ...whatHolds(manifest), whomToTrust(manifest)]
}

function whatItSays(manifest: Manifest): string[] {
  const { generator, parents, actions } = manifest
  const who = manifest.signer.organisation ?? manifest.signer.name
  const said = [
    `The file carries a C2PA manifest${generator ? `, written by ${quoted(generator)}` : ''}${who ? `, in the name of ${quoted(who)}` : ''}.`,
  ]
  const made = actions.find(({ source }) => source !== undefined)
  if (saysGenerated(manifest)) {
    const maker = actions.find(({ source }) => source !== undefined && BY_MODEL.has(source))
    said.push(
      `It says that ${maker?.source === 'trainedAlgorithmicMedia' ? 'an AI model made this' : 'an AI model made part of this'}${maker?.agent ? `: ${quoted(maker.agent)}` : ''}.`,
    )
  } else if (made) said.push(`It says where the content came from: ${quoted(made.source!)}.`)
  else said.push('It does not say whether an AI model made the content.')
  if (parents > 0)
    said.push(
      `It keeps ${parents === 1 ? 'the manifest or file' : `${parents} manifests or files`} it was made from.`,
    )
  return said
}

function whatHolds({ signatureHolds, bytesMatch, wellFormed, failures, signedAt }: Manifest): string[] {
  const said: string[] = []
  if (!signatureHolds) said.push('Its signature does NOT hold: nothing it says can be relied on.')
  else if (!bytesMatch)
    said.push(
      'Its signature holds, but the content was CHANGED since, or is another: it does not speak of these bytes.',
    )
  else if (!wellFormed) said.push(`It does NOT hold as a whole: ${failures.slice(0, 3).join(', ')}.`)
  else said.push('Its signature holds, and the content is unchanged since it was signed.')
  if (signedAt?.stamped) said.push(`A time-stamping authority says it stood on ${signedAt.at.slice(0, 10)}.`)
  return said
}

function whomToTrust({ trusted, own, wellFormed }: Manifest): string {
  if (trusted)
    return 'Trusted: the signer’s certificate leads to an authority on this installation’s trust list.'
  if (own)
    return 'The signer is this installation itself. Its certificate leads to no authority on the trust list.'
  if (!wellFormed) return 'Not trusted.'
  return 'Not trusted: anyone can make such a signature, and this signer’s certificate leads to no authority on the trust list.'
}

/** A stranger's words, marked as such; control characters cannot pass. */
function quoted(text: string): string {
  return `“${text.replace(/[\p{Cc}\p{Cf}“”]/gu, ' ').slice(0, 100)}”`
}
