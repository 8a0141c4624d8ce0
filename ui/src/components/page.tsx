import type { ReactNode } from 'react'

/** The turnstile of logic, "it is asserted that": Avouch's mark. Decorative. */
export function Turnstile() {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d="M2.5 1v14M3.5 8h11" fill="none" stroke="currentColor" strokeWidth="2.4" />
    </svg>
  )
}

/** Mark and name; a link where `href` is given. */
export function Wordmark({ href, children = 'Avouch' }: { href?: string; children?: ReactNode }) {
  return href === undefined ? (
    <span className="av-mark">
      <Turnstile />
      {children}
    </span>
  ) : (
    <a className="av-mark" href={href}>
      <Turnstile />
      {children}
    </a>
  )
}

export type NavigationLink = { href: string; label: string; current?: boolean }

/**
 * The shell of a page's body: skip link, bar with wordmark and navigation, main, foot. `narrow` sets prose width.
 * `end` stands at the bar's far side (who is signed in, a theme switch).
 */
export function Page(props: {
  home?: string
  brand?: ReactNode
  navigation?: NavigationLink[]
  end?: ReactNode
  foot?: ReactNode
  narrow?: boolean
  children: ReactNode
}) {
  const { home = '/', brand, navigation = [], end, foot, narrow, children } = props
  return (
    <div className="av-page">
      <a className="av-skip" href="#main">
        Skip to content
      </a>
      <header className="av-bar">
        <Wordmark href={home}>{brand}</Wordmark>
        {navigation.length > 0 && (
          <nav aria-label="Main">
            <ul>
              {navigation.map(({ href, label, current }) => (
                <li key={href}>
                  <a href={href} aria-current={current ? 'page' : undefined}>
                    {label}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
        {end !== undefined && <div className="av-bar-end">{end}</div>}
      </header>
      <main id="main" className={narrow ? 'av-main av-main-narrow' : 'av-main'} tabIndex={-1}>
        {children}
      </main>
      {foot !== undefined && <footer className="av-foot">{foot}</footer>}
    </div>
  )
}

/** The page's one `h1`, with where it stands above and a sentence or two below. */
export function PageHead(props: { title: ReactNode; crumbs?: Crumb[]; children?: ReactNode }) {
  return (
    <header className="av-head">
      {props.crumbs && <Breadcrumb crumbs={props.crumbs} />}
      <h1>{props.title}</h1>
      {props.children !== undefined && <div className="av-lead">{props.children}</div>}
    </header>
  )
}

/** A titled part of a page; `id` makes it linkable. */
export function Section(props: { title: ReactNode; id?: string; children: ReactNode }) {
  return (
    <section
      className="av-section"
      id={props.id}
      aria-labelledby={props.id ? `${props.id}-title` : undefined}
    >
      <h2 id={props.id ? `${props.id}-title` : undefined}>{props.title}</h2>
      {props.children}
    </section>
  )
}

export type Crumb = { label: string; href?: string }

/** Where this page stands; the last crumb is the page itself. */
export function Breadcrumb({ crumbs }: { crumbs: Crumb[] }) {
  return (
    <nav className="av-crumbs" aria-label="Breadcrumb">
      <ol>
        {crumbs.map(({ label, href }, at) => (
          <li key={label} aria-current={at === crumbs.length - 1 ? 'page' : undefined}>
            {href === undefined ? label : <a href={href}>{label}</a>}
          </li>
        ))}
      </ol>
    </nav>
  )
}
