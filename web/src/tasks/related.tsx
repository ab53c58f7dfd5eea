// Tasks of a record: added with a line, done with a click.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'

import { call } from '../api/call'
import { createTask, deleteTask, listTasks } from '../api/generated/lead'
import { type Subject, type TaskView, writeTaskLimits } from '../api/generated/lead.schema'
import { onceKey } from '../api/once'
import { keyOf, refresh } from '../records/queries'
import { may, me } from '../session/session'
import { coreText } from '../text/core'
import { date } from '../text/format'
import { Button } from '../ui/button'
import { Failed } from '../ui/states'
import { toast, toastFailure } from '../ui/toast'
import { isOverdue } from './domain'
import { setStatus } from './entity'
import styles from './related.module.css'

export function RelatedTasks({ about, id }: { about: Subject; id: string }) {
  const client = useQueryClient()
  const query = useQuery({
    queryKey: keyOf('tasks', 'list', 'of', about, id),
    queryFn: ({ signal }) =>
      call(listTasks, {
        query: { entity_type: about, entity_id: id, page_size: 50, count: 'none', ordering: 'status,due_at' },
        signal,
      }),
    enabled: may('tasks:read'),
  })
  if (!may('tasks:read')) return null
  const t = coreText.text.record

  const change = async (task: TaskView, status: TaskView['status']): Promise<void> => {
    try {
      await setStatus(task, status)
      await refresh(client, 'tasks', task.id)
      toast(task.title, async () => {
        await setStatus(task, task.status)
        await refresh(client, 'tasks', task.id)
      })
    } catch (error) {
      toastFailure(error)
    }
  }

  return (
    <section className={styles.tasks} aria-label={t.tasks}>
      <h2>{t.tasks}</h2>
      {may('tasks:create') && <AddTask about={about} id={id} />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.results.length === 0 && <p className={styles.faint}>{t.noTasks}</p>}
      <ul>
        {query.data?.results.map((task) => {
          const isDone = task.status === 'done' || task.status === 'cancelled'
          return (
            <li key={task.id} className={styles.task}>
              <label className={isDone ? styles.done : undefined}>
                <input
                  type="checkbox"
                  checked={isDone}
                  disabled={!may('tasks:update')}
                  onChange={() => void change(task, isDone ? 'open' : 'done')}
                />
                {task.title}
              </label>
              {task.due_at && (
                <span className={isOverdue(task) ? styles.overdue : styles.faint}>{date(task.due_at)}</span>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function AddTask({ about, id }: { about: Subject; id: string }) {
  const client = useQueryClient()
  const [title, setTitle] = useState('')
  const [due, setDue] = useState('')
  const t = coreText.text.record
  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (title.trim() === '') return
    const body = {
      title: title.trim(),
      entity_type: about,
      entity_id: id,
      assigned_to: me().id,
      ...(due ? { due_at: new Date(`${due}T12:00:00`).toISOString() } : {}),
    }
    try {
      const made = (await call(createTask, { body, once: onceKey() })) as TaskView
      setTitle('')
      setDue('')
      await refresh(client, 'tasks')
      toast(t.createdRecord(made.title), async () => {
        await call(deleteTask, { params: { id: made.id } })
        await refresh(client, 'tasks')
      })
    } catch (error) {
      toastFailure(error)
    }
  }
  return (
    <form className={styles.add} onSubmit={(event) => void onSubmit(event)}>
      <input
        className={styles.title}
        aria-label={t.newTask}
        placeholder={t.newTask}
        maxLength={writeTaskLimits.title.maxLength}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
      <input type="date" aria-label={t.due} value={due} onChange={(event) => setDue(event.target.value)} />
      <Button type="submit" disabled={title.trim() === ''}>
        {coreText.text.create}
      </Button>
    </form>
  )
}
