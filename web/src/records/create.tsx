// Form for a new record: fields of its kind, the server's messages where they belong.

import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'

import { call } from '../api/call'
import { onceKey } from '../api/once'
import { faultsByField, Problem } from '../api/problem'
import { useMembers } from '../people/people'
import { coreText } from '../text/core'
import { Button } from '../ui/button'
import { Dialog, DialogActions } from '../ui/dialog'
import { FormError, SelectField, TextArea, TextField } from '../ui/field'
import { explain } from '../ui/states'
import { toast } from '../ui/toast'
import styles from './create.module.css'
import { type Entity, type Field, fieldOf, type RecordView } from './entity'
import { refresh } from './queries'
import { editedText, inputOf, pickable, writtenValue } from './values'

export function CreateDialog<View extends RecordView>({
  entity,
  defaults = {},
  onClose,
  onCreated,
  onRefused,
}: {
  entity: Entity<View>
  defaults?: Record<string, unknown>
  onClose: () => void
  onCreated: (created: View) => void
  /** Shown below a refusal, such as the records that it may be a duplicate of. */
  onRefused?: (problem: Problem, anyway: () => void) => ReactNode
}) {
  const client = useQueryClient()
  const [once, setOnce] = useState(onceKey)
  const [isSaving, setSaving] = useState(false)
  const [error, setError] = useState<unknown>()
  const [sent, setSent] = useState<Record<string, unknown>>({})
  const t = coreText.text

  const send = async (body: Record<string, unknown>, query?: Record<string, unknown>): Promise<void> => {
    setSaving(true)
    setError(undefined)
    try {
      const created = (await call(entity.operations.create, { body, query, once })) as View
      void refresh(client, entity.noun)
      toast(t.record.createdRecord(entity.title(created) || entity.one))
      onCreated(created)
    } catch (refusal) {
      setError(refusal)
      // Another body is another request.
      if (refusal instanceof Problem) setOnce(onceKey())
    } finally {
      setSaving(false)
    }
  }

  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const body: Record<string, unknown> = { ...defaults }
    for (const key of entity.form) {
      const field = fieldOf(entity, key)
      const value = field && writtenValue(field.kind, String(data.get(key) ?? ''))
      if (value !== null && value !== undefined) body[key] = value
      else delete body[key]
    }
    setSent(body)
    void send(body)
  }

  const faults = faultsByField(error)
  const elsewhere = Object.keys(faults).filter((field) => !(entity.form as string[]).includes(field))
  const isAtFields = error instanceof Problem && error.faults.length > 0 && elsewhere.length === 0
  return (
    <Dialog title={entity.newOne} onClose={onClose}>
      <form className={styles.form} onSubmit={onSubmit} noValidate>
        {entity.form.map((key, at) => {
          const field = fieldOf(entity, key)
          return (
            field && (
              <FormField
                key={key}
                field={field}
                initial={defaults[key]}
                error={faults[key]}
                isFirst={at === 0}
              />
            )
          )
        })}
        {error !== undefined && !isAtFields && (
          <FormError>
            {explain(error)}
            {elsewhere.map((field) => ` ${field}: ${faults[field]}`)}
          </FormError>
        )}
        {error instanceof Problem && onRefused?.(error, () => void send(sent, { allow_duplicate: true }))}
        <DialogActions>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" kind="primary" disabled={isSaving}>
            {isSaving ? t.saving : t.create}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

function FormField<View>({
  field,
  initial,
  error,
  isFirst,
}: {
  field: Field<View>
  initial: unknown
  error: string | undefined
  isFirst: boolean
}) {
  const members = useMembers()
  const shared = {
    label: field.label,
    name: field.key,
    error,
    defaultValue: editedText(field.kind, initial),
    autoFocus: isFirst,
  }
  const choices = pickable(field, members)
  if (choices) {
    return (
      <SelectField
        {...shared}
        choices={choices.filter((choice) => choice.id !== '')}
        {...(field.isRequired ? {} : { empty: '' })}
      />
    )
  }
  if (field.kind === 'long') return <TextArea {...shared} maxLength={field.maxLength} />
  const input = inputOf(field.kind)
  return (
    <TextField
      {...shared}
      type={input === 'date' ? 'date' : 'text'}
      inputMode={input === 'number' ? 'decimal' : input === 'date' ? undefined : input}
      maxLength={field.maxLength}
      aria-required={field.isRequired || undefined}
      autoComplete="off"
    />
  )
}
