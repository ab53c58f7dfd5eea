// One record: its fields, each edited in place, beside what happened and what is to be done.

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useRef, useState } from 'react'
import { Link } from '@tanstack/react-router'
import { ArrowLeft, Maximize2, X } from 'lucide-react'

import { type Members, useMembers } from '../people/people'
import { may } from '../session/session'
import { useCommands } from '../shell/commands'
import { coreText } from '../text/core'
import { time } from '../text/format'
import { Button } from '../ui/button'
import { Picker } from '../ui/picker'
import { Failed, Waiting } from '../ui/states'
import { type Action, useActions } from './actions'
import { hrefOf, useAddress } from './address'
import { useEdit } from './edit'
import type { Entity, Field, RecordView } from './entity'
import { neighbour, placeIn } from './places'
import { oneQuery } from './queries'
import styles from './record.module.css'
import { editedText, inputOf, pickable, shownText, shownValue, writtenValue } from './values'

type RecordProps<View extends RecordView> = {
  entity: Entity<View>
  id: string
  actions: (row: View) => readonly Action<View>[]
  /** Shown below the title, such as a status and a score. */
  badges?: (row: View) => ReactNode
  /** Shown above the fields, such as what needs a decision. */
  banner?: (row: View) => ReactNode
  /** Timeline, tasks and what else hangs on the record. */
  aside?: (row: View) => ReactNode
} & ({ place: 'panel'; onClose: () => void } | { place: 'page' })

export function RecordScreen<View extends RecordView>(props: RecordProps<View>) {
  const { entity, id } = props
  const { data: row, error, refetch, isPending } = useQuery(oneQuery(entity, id))
  const frame = (content: ReactNode) =>
    props.place === 'panel' ? (
      <aside className={styles.panel} aria-label={row ? entity.title(row) : entity.one}>
        {content}
      </aside>
    ) : (
      <div className={styles.page}>{content}</div>
    )
  if (row) return frame(<Shown {...props} row={row} />)
  const close = props.place === 'panel' ? props.onClose : undefined
  return frame(
    <>
      {close && <CloseButton onClose={close} />}
      {isPending ? <Waiting rows={10} /> : <Failed error={error} onRetry={() => void refetch()} />}
    </>,
  )
}

const CloseButton = ({ onClose }: { onClose: () => void }) => (
  <Button kind="quiet" iconOnly icon={<X />} onClick={onClose}>
    {coreText.text.close}
  </Button>
)

function Shown<View extends RecordView>(props: RecordProps<View> & { row: View }) {
  const { entity, row, actions, badges, banner, aside } = props
  const members = useMembers()
  const { go } = useAddress()
  const { change, dialog } = useEdit(entity)
  const { buttons } = useActions(entity, actions(row), [row], entity.one, (action) => {
    if (!action.id.endsWith('.remove')) return
    if (props.place === 'panel') props.onClose()
    else go(entity.noun, placeIn(entity.noun)?.search)
  })
  const step = (by: 1 | -1) => () => {
    const next = neighbour(entity.noun, row.id, by)
    if (next) go(`${entity.noun}/${next}`)
  }
  const t = coreText.text
  useCommands(
    props.place === 'page'
      ? [
          { id: 'record.next', name: t.list.next, group: entity.one, keys: 'j', run: step(1) },
          { id: 'record.previous', name: t.list.previous, group: entity.one, keys: 'k', run: step(-1) },
        ]
      : [
          {
            id: 'record.page',
            name: t.record.openPage,
            group: entity.one,
            run: () => go(`${entity.noun}/${row.id}`),
          },
        ],
  )
  const mayUpdate = may(entity.permissions.update)
  return (
    <>
      <header className={styles.head}>
        {props.place === 'page' && (
          <Link
            to={hrefOf(entity.noun)}
            search={placeIn(entity.noun)?.search ?? {}}
            className={styles.back}
            aria-label={entity.many}
          >
            <ArrowLeft />
          </Link>
        )}
        {props.place === 'page' ? (
          <h1 className={styles.title}>{entity.title(row)}</h1>
        ) : (
          <h2 className={styles.title}>{entity.title(row)}</h2>
        )}
        {badges?.(row)}
        <span className={styles.gap} />
        {props.place === 'panel' && (
          <>
            <Button kind="quiet" iconOnly icon={<Maximize2 />} onClick={() => go(`${entity.noun}/${row.id}`)}>
              {t.record.openPage}
            </Button>
            <CloseButton onClose={props.onClose} />
          </>
        )}
      </header>
      <div className={styles.actions} role="toolbar" aria-label={t.shell.act}>
        {buttons}
      </div>
      {banner?.(row)}
      <div className={styles.content}>
        <section className={styles.details} aria-label={t.record.details}>
          <dl className={styles.fields}>
            {entity.fields
              .filter(({ key }) => key !== 'created_at')
              .map((field) => (
                <FieldRow
                  key={`${row.id}.${field.key}`}
                  field={field}
                  row={row}
                  members={members}
                  isEditable={mayUpdate && field.isWritten === true}
                  onChange={(value) => void change(row, field.key, value)}
                />
              ))}
            <div className={styles.fieldRow}>
              <dt>{t.record.created}</dt>
              <dd>{time(row.created_at)}</dd>
            </div>
            <div className={styles.fieldRow}>
              <dt>{t.record.updated}</dt>
              <dd>{time(row.updated_at)}</dd>
            </div>
          </dl>
        </section>
        {aside && <div className={styles.aside}>{aside(row)}</div>}
      </div>
      {dialog}
    </>
  )
}

function FieldRow<View extends RecordView>({
  field,
  row,
  members,
  isEditable,
  onChange,
}: {
  field: Field<View>
  row: View
  members: Members
  isEditable: boolean
  onChange: (value: unknown) => void
}) {
  const [isEditing, setEditing] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const value = editedText(field.kind, row[field.key])
  const shown = shownValue(field, row, members)
  if (!isEditable) {
    return shown === null ? null : (
      <div className={styles.fieldRow}>
        <dt>{field.label}</dt>
        <dd>{shown}</dd>
      </div>
    )
  }
  const choices = pickable(field, members)
  const finish = (text: string): void => {
    setEditing(false)
    if (text !== value) onChange(writtenValue(field.kind, text))
    requestAnimationFrame(() => button.current?.focus({ preventScroll: true }))
  }
  const isTyping = isEditing && !choices
  return (
    <div className={styles.fieldRow}>
      <dt>{field.label}</dt>
      <dd>
        {isTyping ? (
          <FieldInput field={field} value={value} onDone={finish} onLeave={() => setEditing(false)} />
        ) : (
          <button
            ref={button}
            type="button"
            className={styles.value}
            aria-label={`${coreText.text.record.edit(field.label)}: ${shownText(field, row, members) || coreText.text.record.empty}`}
            onClick={() => setEditing(true)}
          >
            {shown ?? <span className={styles.unset}>{coreText.text.record.empty}</span>}
          </button>
        )}
        {isEditing && choices && (
          <Picker
            label={field.label}
            choices={choices}
            chosen={[value]}
            anchor={button}
            onChoose={([chosen]) => chosen !== undefined && finish(chosen)}
            onClose={() => setEditing(false)}
          />
        )}
      </dd>
    </div>
  )
}

function FieldInput<View>({
  field,
  value,
  onDone,
  onLeave,
}: {
  field: Field<View>
  value: string
  onDone: (text: string) => void
  onLeave: () => void
}) {
  const isLeft = useRef(false)
  const input = inputOf(field.kind)
  const shared = {
    className: styles.input,
    'aria-label': field.label,
    defaultValue: value,
    maxLength: field.maxLength,
    autoFocus: true,
    onBlur: (event: React.FocusEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      !isLeft.current && onDone(event.target.value),
    onKeyDown: (event: React.KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      event.stopPropagation()
      const isSaving = event.key === 'Enter' && (field.kind !== 'long' || event.ctrlKey || event.metaKey)
      if (!isSaving && event.key !== 'Escape') return
      isLeft.current = true
      if (isSaving) onDone(event.currentTarget.value)
      else onLeave()
    },
  }
  if (field.kind === 'long') return <textarea rows={5} {...shared} />
  return (
    <input
      type={input === 'date' ? 'date' : 'text'}
      inputMode={input === 'number' ? 'decimal' : undefined}
      {...shared}
    />
  )
}
