// Form fields: label, help, and the server's message at the field it is about.

import { useId, type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes } from 'react'

import styles from './field.module.css'

type Shared = { label: string; error?: string | undefined; help?: string | undefined }

function Frame({ id, label, error, help, children }: Shared & { id: string; children: ReactNode }) {
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      {children}
      {error ? (
        <p id={`${id}-note`} className={styles.error}>
          {error}
        </p>
      ) : help ? (
        <p id={`${id}-note`} className={styles.help}>
          {help}
        </p>
      ) : null}
    </div>
  )
}

const noted = ({ error, help }: Shared, id: string) => ({
  id,
  'aria-invalid': error ? true : undefined,
  'aria-describedby': error || help ? `${id}-note` : undefined,
})

export function TextField({ label, error, help, ...rest }: Shared & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId()
  return (
    <Frame {...{ id, label, error, help }}>
      <input {...rest} {...noted({ label, error, help }, id)} className={styles.input} />
    </Frame>
  )
}

export function TextArea({
  label,
  error,
  help,
  ...rest
}: Shared & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId()
  return (
    <Frame {...{ id, label, error, help }}>
      <textarea rows={3} {...rest} {...noted({ label, error, help }, id)} className={styles.area} />
    </Frame>
  )
}

export function SelectField({
  label,
  error,
  help,
  choices,
  empty,
  ...rest
}: Shared & {
  choices: Array<{ id: string; label: string }>
  empty?: string
} & React.SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId()
  return (
    <Frame {...{ id, label, error, help }}>
      <select {...rest} {...noted({ label, error, help }, id)} className={styles.input}>
        {empty !== undefined && <option value="">{empty}</option>}
        {choices.map((choice) => (
          <option key={choice.id} value={choice.id}>
            {choice.label}
          </option>
        ))}
      </select>
    </Frame>
  )
}

/** What is wrong with the whole form, read out when it appears. */
export function FormError({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className={styles.formError}>
      {children}
    </p>
  )
}
