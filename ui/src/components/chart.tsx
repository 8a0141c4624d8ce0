import type { ReactNode } from 'react'

/** Both drawings of a chart, for wide and narrow windows: markup from `@avouch/ui/charts`, never from outside. */
export type Drawn = { wide: string; narrow: string }

/** A chart with its caption above; shows the drawing that fits. */
export function Chart({ caption, drawn }: { caption: ReactNode; drawn: Drawn }) {
  return (
    <figure className="av-chart">
      <figcaption>{caption}</figcaption>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: Plot's own markup; its texts are escaped by the DOM */}
      <div dangerouslySetInnerHTML={{ __html: drawn.wide + drawn.narrow }} />
    </figure>
  )
}
