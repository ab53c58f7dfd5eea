// A kind of record: its operations, its fields, its name for people. Lists, records and forms are made from it.

import type { ReactNode } from 'react'

import type { ListOf, Listing, Operation } from '../api/operation'
import type { Members } from '../people/people'
import type { Choice } from '../ui/picker'

export type RecordView = { id: string; version: number; created_at: string; updated_at: string }

export type FieldKind =
  | 'text'
  | 'long'
  | 'email'
  | 'tel'
  | 'url'
  | 'number'
  | 'money'
  | 'date'
  | 'time'
  | 'choice'
  | 'person'
  | 'flag'

export type Field<View> = {
  key: keyof View & string
  label: string
  kind: FieldKind
  width?: number
  choices?: Choice[]
  /** Whether people write it. */
  isWritten?: boolean
  isRequired?: boolean
  maxLength?: number | undefined
  /** How it looks, where its kind does not say. */
  show?: (row: View, members: Members) => ReactNode
  /** Other fields that are needed to show it. */
  needs?: Array<keyof View & string>
  /** Not in lists, only on the record. */
  isRecordOnly?: boolean
}

// The operations differ in their exact types; what the records need of them is the same.
// oxlint-disable-next-line typescript/no-explicit-any
type AnyQuery = any

export type Entity<View extends RecordView> = {
  /** The API's noun, which is also the path of its screens. */
  noun: string
  listing: Listing
  permissions: { read: string; create: string; update: string; remove: string; assign?: string }
  operations: {
    list: Operation<never, AnyQuery, undefined, ListOf<View>>
    get: Operation<'id', AnyQuery, undefined, View>
    create: Operation<never, AnyQuery, AnyQuery, unknown>
    update: Operation<'id', AnyQuery, AnyQuery, unknown>
    remove: Operation<'id', AnyQuery, AnyQuery, unknown>
    restore: Operation<'id', AnyQuery, AnyQuery, unknown>
    timeline?: Operation<'id', AnyQuery, undefined, { results: TimelineEntry[]; next_cursor?: string | null }>
  }
  one: string
  many: string
  newOne: string
  fields: Field<View>[]
  columns: Array<keyof View & string>
  ordering: string
  /** Fields of the form for a new record, in order. */
  form: Array<keyof View & string>
  title: (row: Partial<View>) => string
  titleNeeds: Array<keyof View & string>
}

export type TimelineEntry = {
  at: string
  kind: string
  title: string
  changes: Record<string, unknown>
  actor?: { kind?: string; id?: string; [more: string]: unknown } | null
}

export function fieldOf<View extends RecordView>(entity: Entity<View>, key: string): Field<View> | undefined {
  return entity.fields.find((field) => field.key === key)
}

/** The fields that a list of these columns asks the server for. */
export function fieldsFor<View extends RecordView>(entity: Entity<View>, columns: readonly string[]): string {
  const wanted = new Set<string>(['id', 'version', ...entity.titleNeeds])
  for (const key of columns) {
    wanted.add(key)
    for (const needed of fieldOf(entity, key)?.needs ?? []) wanted.add(needed)
  }
  if (entity.listing.fields.includes('status')) wanted.add('status')
  return [...wanted].filter((key) => entity.listing.fields.includes(key)).join(',')
}

/** A record of this kind is defined when its texts are loaded. */
export function lazily<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
