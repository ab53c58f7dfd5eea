// Tasks as records: their fields and what can be done with them.

import { AlarmClock, Check, RotateCcw, Trash2, UserPlus } from 'lucide-react'

import { call } from '../api/call'
import {
  createTask,
  deleteTask,
  getTask,
  listTasks,
  listTasksListing,
  restoreTask,
  updateTask,
} from '../api/generated/lead'
import {
  type TaskView,
  taskPriorityValues,
  taskStatusValues,
  writeTaskLimits,
} from '../api/generated/lead.schema'
import { type Action, removal } from '../records/actions'
import { type Entity, lazily } from '../records/entity'
import { choicesOf } from '../records/values'
import { date } from '../text/format'
import { Badge, type Tone } from '../ui/badge'
import { dayAfter, isOverdue } from './domain'
import { taskText } from './messages'

const STATUS_TONES: Record<string, Tone> = {
  open: 'info',
  in_progress: 'accent',
  done: 'good',
  cancelled: 'neutral',
}
const PRIORITY_TONES: Record<string, Tone> = {
  low: 'neutral',
  medium: 'neutral',
  high: 'warn',
  urgent: 'bad',
}

export const taskEntity = lazily((): Entity<TaskView> => {
  const t = taskText.text
  return {
    noun: 'tasks',
    listing: listTasksListing,
    permissions: {
      read: 'tasks:read',
      create: 'tasks:create',
      update: 'tasks:update',
      remove: 'tasks:delete',
    },
    operations: {
      list: listTasks,
      get: getTask,
      create: createTask,
      update: updateTask,
      remove: deleteTask,
      restore: restoreTask,
    } as Entity<TaskView>['operations'],
    one: t.one,
    many: t.many,
    newOne: t.newOne,
    fields: [
      {
        key: 'title',
        label: t.fields.title,
        kind: 'text',
        width: 320,
        isWritten: true,
        isRequired: true,
        maxLength: writeTaskLimits.title.maxLength,
      },
      {
        key: 'status',
        label: t.fields.status,
        kind: 'choice',
        isWritten: true,
        isRequired: true,
        choices: choicesOf(taskStatusValues, t.status),
        show: (task) => <Badge tone={STATUS_TONES[task.status] ?? 'neutral'}>{t.status[task.status]}</Badge>,
      },
      {
        key: 'priority',
        label: t.fields.priority,
        kind: 'choice',
        isWritten: true,
        isRequired: true,
        choices: choicesOf(taskPriorityValues, t.priority),
        show: (task) => (
          <Badge tone={PRIORITY_TONES[task.priority] ?? 'neutral'}>{t.priority[task.priority]}</Badge>
        ),
      },
      {
        key: 'due_at',
        label: t.fields.due_at,
        kind: 'time',
        width: 120,
        isWritten: true,
        needs: ['status'],
        show: (task) =>
          task.due_at ? (
            isOverdue(task) ? (
              <Badge tone="bad">{date(task.due_at)}</Badge>
            ) : (
              <span>{date(task.due_at)}</span>
            )
          ) : null,
      },
      { key: 'assigned_to', label: t.fields.assigned_to, kind: 'person', isWritten: true },
      {
        key: 'entity_type',
        label: t.fields.entity_type,
        kind: 'choice',
        choices: choicesOf(Object.keys(t.about), t.about),
      },
      { key: 'description', label: t.fields.description, kind: 'long', isWritten: true, isRecordOnly: true },
      { key: 'completed_at', label: t.fields.completed_at, kind: 'time' },
      { key: 'created_at', label: t.fields.created_at, kind: 'time' },
    ],
    columns: ['title', 'status', 'priority', 'due_at', 'assigned_to', 'entity_type'],
    ordering: 'due_at',
    form: ['title', 'due_at', 'priority', 'assigned_to', 'description'],
    title: (task) => task.title ?? '',
    titleNeeds: ['title'],
  }
})

export const setStatus = (task: TaskView, status: TaskView['status']): Promise<unknown> =>
  call(updateTask, { params: { id: task.id }, body: { status } })

export const taskActions = lazily((): Action<TaskView>[] => {
  const t = taskText.text
  const isOver = (task: TaskView): boolean => task.status === 'done' || task.status === 'cancelled'
  return [
    {
      id: 'tasks.done',
      name: t.done,
      icon: <Check />,
      keys: 'd',
      permission: 'tasks:update',
      refusal: (task) => (isOver(task) ? t.isDone : undefined),
      shows: () => ({ status: 'done' }),
      run: (task) => setStatus(task, 'done'),
      undo: (task) => setStatus(task, task.status),
    },
    {
      id: 'tasks.reopen',
      name: t.reopen,
      icon: <RotateCcw />,
      permission: 'tasks:update',
      refusal: (task) => (isOver(task) ? undefined : t.isOpen),
      shows: () => ({ status: 'open' }),
      run: (task) => setStatus(task, 'open'),
      undo: (task) => setStatus(task, task.status),
    },
    {
      id: 'tasks.snooze',
      name: t.tomorrow,
      icon: <AlarmClock />,
      keys: 'h',
      permission: 'tasks:update',
      refusal: (task) => (isOver(task) ? t.isDone : task.due_at ? undefined : t.hasNoDate),
      shows: (task) => ({ due_at: dayAfter(task.due_at) }),
      run: (task) => call(updateTask, { params: { id: task.id }, body: { due_at: dayAfter(task.due_at) } }),
      undo: (task) => call(updateTask, { params: { id: task.id }, body: { due_at: task.due_at ?? null } }),
    },
    {
      id: 'tasks.assign',
      name: t.assign,
      icon: <UserPlus />,
      keys: 'a',
      permission: 'tasks:update',
      input: 'person',
      shows: (_, person) => ({ assigned_to: person }),
      run: (task, person) => call(updateTask, { params: { id: task.id }, body: { assigned_to: person } }),
      undo: (task) =>
        call(updateTask, { params: { id: task.id }, body: { assigned_to: task.assigned_to ?? null } }),
    },
    removal(taskEntity(), <Trash2 />),
  ]
})
