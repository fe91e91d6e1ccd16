/** A titled part of a view. */
import type { ComponentChildren } from 'preact'

interface Props {
  readonly title: string
  readonly id: string
  readonly count?: ComponentChildren
  readonly tools?: ComponentChildren
  readonly children: ComponentChildren
}

export const Panel = ({ title, id, count, tools, children }: Props) => (
  <section aria-labelledby={`${id}-title`} id={id} class="panel">
    <header>
      <h2 id={`${id}-title`}>
        {title} {count === undefined ? null : <span class="count">{count}</span>}
      </h2>
      {tools}
    </header>
    {children}
  </section>
)

/** What is said where there is nothing to show. */
export const Quiet = ({ children }: { readonly children: ComponentChildren }) => <p class="quiet">{children}</p>

/** An answer that did not come: the desk's own words. */
export const Problem = ({ children }: { readonly children: ComponentChildren }) => (
  <p class="problem" role="alert">
    {children}
  </p>
)
