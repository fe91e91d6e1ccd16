/** Labelled fields: each has its name, and its hint, told apart. */
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface Field {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}

interface Named {
  readonly id: string
  readonly 'aria-describedby': string | undefined
}

/** The label, the control that it names, and the hint that describes it. */
const Labelled = ({ label, hint, control }: { readonly label: string; readonly hint?: string | undefined; readonly control: (named: Named) => ComponentChildren }) => {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {control({ id, 'aria-describedby': hint === undefined ? undefined : `${id}-hint` })}
      {hint === undefined ? null : <small id={`${id}-hint`}>{hint}</small>}
    </div>
  )
}

export const Choice = ({ label, value, options, onChange }: Field & { readonly options: readonly (readonly [value: string, text: string])[] }) => (
  <Labelled
    label={label}
    control={(named) => (
      <select {...named} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    )}
  />
)

interface TextProps extends Field {
  readonly isSecret?: boolean
  readonly hint?: string
  readonly needed?: boolean
  readonly numeric?: boolean
}

export const Text = ({ label, value, onChange, isSecret = false, hint, needed = false, numeric = false }: TextProps) => (
  <Labelled
    label={label}
    hint={hint}
    control={(named) =>
      isSecret ? (
        <input {...named} type="password" value={value} required={needed} autocomplete="off" onInput={(event) => onChange(event.currentTarget.value)} />
      ) : (
        <input {...named} type="text" value={value} required={needed} inputMode={numeric ? 'decimal' : 'text'} autocomplete="off" spellcheck={false} onInput={(event) => onChange(event.currentTarget.value)} />
      )
    }
  />
)

export const LongText = ({ label, value, onChange, hint, most }: Field & { readonly hint: string; readonly most: number }) => (
  <Labelled label={label} hint={hint} control={(named) => <textarea {...named} rows={2} maxLength={most} required value={value} onInput={(event) => onChange(event.currentTarget.value)} />} />
)
