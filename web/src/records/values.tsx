// Values of fields: shown for people, edited as text, written as the API takes them.

import type { ReactNode } from 'react'

import type { Column, Editor, RowOf } from '../grid/column'
import { assignable, type Members } from '../people/people'
import { Badge, Person, type Tone } from '../ui/badge'
import type { Choice } from '../ui/picker'
import { coreText } from '../text/core'
import { date, money, number, time } from '../text/format'
import { type Entity, type Field, fieldOf, type RecordView } from './entity'
import styles from './values.module.css'

export type ToneOf = (id: string) => Tone

export const choicesOf = (ids: readonly string[], labels: Record<string, string>): Choice[] =>
  ids.map((id) => ({ id, label: labels[id] ?? id }))

export function shownValue<View extends RecordView>(
  field: Field<View>,
  row: View,
  members: Members,
): ReactNode {
  if (field.show) return field.show(row, members)
  const value: unknown = row[field.key]
  if (value === null || value === undefined || value === '') return null
  switch (field.kind) {
    case 'person':
      return <Person name={members.name(String(value))} />
    case 'choice':
      return <Badge>{field.choices?.find((choice) => choice.id === value)?.label ?? String(value)}</Badge>
    default:
      return shownText(field, row, members)
  }
}

/** The value as text, for titles, conflicts and those who read it aloud. */
export function shownText<View extends RecordView>(field: Field<View>, row: View, members: Members): string {
  return textOf(field, row[field.key], (row as { currency?: string | null }).currency, members)
}

export function textOf<View>(
  field: Field<View>,
  value: unknown,
  currency: string | null | undefined,
  members: Members,
): string {
  if (value === null || value === undefined || value === '') return ''
  switch (field.kind) {
    case 'money':
      return money(value as string, currency)
    case 'number':
      return typeof value === 'number' ? number(value) : String(value)
    case 'date':
      return date(String(value))
    case 'time':
      return time(String(value))
    case 'person':
      return members.name(String(value))
    case 'choice':
      return field.choices?.find((choice) => choice.id === value)?.label ?? String(value)
    case 'flag':
      return value ? coreText.text.yes : coreText.text.no
    default:
      return String(value)
  }
}

/** The value as it stands in an input. */
export function editedText(kind: Field<unknown>['kind'], value: unknown): string {
  if (value === null || value === undefined) return ''
  if (kind === 'date' || kind === 'time') return String(value).slice(0, 10)
  return String(value)
}

/** What is written for the text of an input. An empty one removes the value. */
export function writtenValue(kind: Field<unknown>['kind'], text: string): unknown {
  const trimmed = kind === 'long' ? text : text.trim()
  if (trimmed === '') return null
  if (kind === 'number') {
    const parsed = Number(trimmed.replace(',', '.'))
    return Number.isFinite(parsed) ? parsed : trimmed
  }
  if (kind === 'money') return trimmed.replace(',', '.')
  if (kind === 'time') return new Date(`${trimmed}T12:00:00`).toISOString()
  if (kind === 'flag') return trimmed === 'true'
  return trimmed
}

const INPUTS = {
  text: 'text',
  long: 'text',
  email: 'email',
  tel: 'tel',
  url: 'url',
  number: 'number',
  money: 'number',
} as const

export function inputOf(kind: Field<unknown>['kind']): 'text' | 'email' | 'tel' | 'url' | 'number' | 'date' {
  return kind === 'date' || kind === 'time' ? 'date' : (INPUTS[kind as keyof typeof INPUTS] ?? 'text')
}

export function pickable<View>(field: Field<View>, members: Members): Choice[] | undefined {
  if (field.kind === 'person') return [{ id: '', label: coreText.text.unassigned }, ...assignable(members)]
  if (field.kind === 'choice') {
    return field.isRequired
      ? field.choices
      : [...(field.choices ?? []), { id: '', label: coreText.text.none }]
  }
  if (field.kind === 'flag')
    return choicesOf(['true', 'false'], { true: coreText.text.yes, false: coreText.text.no })
  return undefined
}

function editorOf<View>(field: Field<View>, members: Members): Editor | undefined {
  if (!field.isWritten || field.kind === 'long') return undefined
  const choices = pickable(field, members)
  if (choices) return { kind: 'choice', choices: () => choices }
  return { kind: 'text', input: inputOf(field.kind), maxLength: field.maxLength }
}

const WIDTHS: Partial<Record<Field<unknown>['kind'], number>> = {
  number: 96,
  money: 120,
  date: 112,
  time: 160,
  choice: 136,
}

export function columnsOf<View extends RecordView & RowOf>(
  entity: Entity<View>,
  keys: readonly string[],
  members: Members,
  mayUpdate: boolean,
): Column<View>[] {
  return keys.flatMap((key, at) => {
    const field = fieldOf(entity, key)
    if (!field) return []
    const isEnd = field.kind === 'number' || field.kind === 'money'
    const shown = (row: View): ReactNode =>
      shownValue(field, row, members) ?? (at === 0 ? coreText.text.record.empty : null)
    return [
      {
        key,
        label: field.label,
        width: field.width ?? WIDTHS[field.kind] ?? 180,
        ...(isEnd ? { align: 'end' as const } : {}),
        cell: at === 0 ? (row: View) => <Opening>{shown(row)}</Opening> : shown,
        value: (row: View) => editedText(field.kind, row[field.key]),
        isOrderable: entity.listing.orderings.includes(key),
        editor: mayUpdate ? editorOf(field, members) : undefined,
      },
    ]
  })
}

const Opening = ({ children }: { children: ReactNode }) => (
  <span data-open className={styles.open}>
    {children}
  </span>
)
