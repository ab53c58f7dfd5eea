// Timeline of a record, newest first, with a place to log what happened.

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'

import { call } from '../api/call'
import { createActivity, deleteActivity } from '../api/generated/lead'
import {
  type ActivityType,
  type ActivityView,
  activityTypeValues,
  writeActivityLimits,
} from '../api/generated/lead.schema'
import { onceKey } from '../api/once'
import { type Members, useMembers } from '../people/people'
import { type Entity, fieldOf, type RecordView, type TimelineEntry } from '../records/entity'
import { keyOf } from '../records/queries'
import { textOf } from '../records/values'
import { may } from '../session/session'
import { coreText } from '../text/core'
import { ago, time } from '../text/format'
import { Button } from '../ui/button'
import { Failed, Waiting } from '../ui/states'
import { toast, toastFailure } from '../ui/toast'
import styles from './timeline.module.css'

/** The field of an activity that names the record. */
export type Subject = 'lead_id' | 'account_id' | 'deal_id' | 'contact_id'

export function Timeline<View extends RecordView>({
  entity,
  id,
  subject,
}: {
  entity: Entity<View>
  id: string
  subject: Subject
}) {
  const members = useMembers()
  const { timeline } = entity.operations
  const query = useInfiniteQuery({
    queryKey: keyOf(entity.noun, 'timeline', id),
    queryFn: ({ pageParam, signal }) => {
      if (!timeline) throw new Error(`${entity.noun} have no timeline`)
      return call(timeline, {
        params: { id },
        query: { page_size: 30, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      })
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    enabled: timeline !== undefined,
  })
  const t = coreText.text.record
  const entries = query.data?.pages.flatMap((page) => page.results) ?? []
  return (
    <section className={styles.timeline} aria-label={t.timeline}>
      <h2>{t.timeline}</h2>
      {may('activities:create') && <LogForm noun={entity.noun} id={id} subject={subject} />}
      {query.isPending ? (
        <Waiting rows={4} />
      ) : query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : entries.length === 0 ? (
        <p className={styles.faint}>{t.noActivity}</p>
      ) : (
        <ol className={styles.entries}>
          {entries.map((entry) => (
            <Entry
              key={`${entry.at}.${entry.kind}.${entry.title}`}
              entry={entry}
              entity={entity}
              members={members}
            />
          ))}
        </ol>
      )}
      {query.hasNextPage && <Button onClick={() => void query.fetchNextPage()}>{coreText.text.more}</Button>}
    </section>
  )
}

function Entry<View extends RecordView>({
  entry,
  entity,
  members,
}: {
  entry: TimelineEntry
  entity: Entity<View>
  members: Members
}) {
  const t = coreText.text.record
  const kind =
    (t.timelineKinds as Record<string, string>)[entry.kind] ??
    (t.activityKinds as Record<string, string>)[entry.kind] ??
    entry.kind
  const isActivity = entry.kind in t.activityKinds
  const changes = Object.entries(entry.changes).flatMap(([key, change]) => {
    const field = fieldOf(entity, key)
    const { from, to } = change as { from?: unknown; to?: unknown }
    if (!field) return []
    const text = (value: unknown): string => textOf(field, value, undefined, members) || t.empty
    return [{ label: field.label, text: t.changedTo(text(from), text(to)) }]
  })
  const actor = entry.actor?.id ? members.name(entry.actor.id) : ''
  return (
    <li className={styles.entry}>
      <p>
        <strong>{isActivity || changes.length === 0 ? entry.title || kind : kind}</strong>{' '}
        <span className={styles.faint}>
          {isActivity && kind} {actor && t.by(actor)} ·{' '}
          <time dateTime={entry.at} title={time(entry.at)}>
            {ago(entry.at)}
          </time>
        </span>
      </p>
      {changes.map((change) => (
        <p key={change.label} className={styles.change}>
          <span className={styles.faint}>{change.label}</span> {change.text}
        </p>
      ))}
    </li>
  )
}

function LogForm({ noun, id, subject }: { noun: string; id: string; subject: Subject }) {
  const client = useQueryClient()
  const [kind, setKind] = useState<ActivityType>('note')
  const [isSaving, setSaving] = useState(false)
  const [text, setText] = useState('')
  const t = coreText.text.record
  const again = () => client.invalidateQueries({ queryKey: keyOf(noun, 'timeline', id) })

  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (text.trim() === '') return
    setSaving(true)
    try {
      const [first = ''] = text.trim().split('\n')
      const body = {
        activity_type: kind,
        subject: first.slice(0, writeActivityLimits.subject.maxLength),
        description: text.trim(),
        [subject]: id,
      }
      const made = (await call(createActivity, { body, once: onceKey() })) as ActivityView
      setText('')
      await again()
      toast(t.saved(t.activityKinds[kind]), async () => {
        await call(deleteActivity, { params: { id: made.id } })
        await again()
      })
    } catch (error) {
      toastFailure(error)
    } finally {
      setSaving(false)
    }
  }

  return (
    <form className={styles.log} onSubmit={(event) => void onSubmit(event)}>
      <textarea
        rows={2}
        aria-label={t.notePlaceholder}
        placeholder={t.notePlaceholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
            event.currentTarget.form?.requestSubmit()
        }}
      />
      <div className={styles.logActions}>
        <select
          aria-label={t.noteKind}
          value={kind}
          onChange={(event) => setKind(event.target.value as ActivityType)}
        >
          {activityTypeValues
            .filter((one) => one !== 'task')
            .map((one) => (
              <option key={one} value={one}>
                {t.activityKinds[one]}
              </option>
            ))}
        </select>
        <Button type="submit" disabled={isSaving || text.trim() === ''}>
          {t.addNote}
        </Button>
      </div>
    </form>
  )
}
