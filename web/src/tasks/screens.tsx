// Screens of tasks: open, due today, overdue, mine, all; and one task.

import { Link, useParams } from '@tanstack/react-router'
import { useMemo } from 'react'

import type { TaskView } from '../api/generated/lead.schema'
import { hrefOf, useAddress } from '../records/address'
import { CreateDialog } from '../records/create'
import { RecordList } from '../records/list'
import { RecordScreen } from '../records/record'
import { me } from '../session/session'
import type { Search } from '../views/view'
import { taskActions, taskEntity } from './entity'
import { taskText } from './messages'
import styles from './screens.module.css'

const ABOUT_PATHS: Record<string, string> = { lead: 'leads', account: 'accounts', deal: 'deals' }

type Tab = 'open' | 'today' | 'overdue' | 'mine' | 'all'

/** The filters of a tab, beside those that the person chose. */
function filtersOf(tab: Tab): Record<string, string> {
  const open = { status__in: 'open,in_progress' }
  const now = new Date()
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate())
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1)
  // Whole minutes, so that the list is not another one at each look.
  const minute = new Date(Math.floor(now.getTime() / 60_000) * 60_000)
  switch (tab) {
    case 'open':
      return open
    case 'mine':
      return { ...open, assigned_to: me().id }
    case 'today':
      return {
        ...open,
        due_at__gte: today.toISOString(),
        due_at__lte: new Date(tomorrow.getTime() - 1).toISOString(),
      }
    case 'overdue':
      return { ...open, due_at__lte: minute.toISOString() }
    case 'all':
      return {}
  }
}

const TABS: Tab[] = ['open', 'today', 'overdue', 'mine', 'all']

export function TaskList() {
  const { search, go } = useAddress()
  const tab = TABS.find((one) => one === search.tab) ?? 'open'
  const always = useMemo(() => filtersOf(tab), [tab])
  const t = taskText.text
  return (
    <RecordList
      key={tab}
      entity={taskEntity()}
      actions={taskActions()}
      always={always}
      tabs={
        <ul className={styles.tabs} aria-label={t.many}>
          {TABS.map((one) => (
            <li key={one}>
              <Link
                to={hrefOf('tasks')}
                search={(one === 'open' ? {} : { tab: one }) as Search}
                aria-current={one === tab ? 'true' : undefined}
                className={styles.tab}
              >
                {t.tabs[one]}
              </Link>
            </li>
          ))}
        </ul>
      }
      panel={(id, close) => <TaskRecord key={id} id={id} onClose={close} />}
      creation={(close) => (
        <CreateDialog
          entity={taskEntity()}
          defaults={{ assigned_to: me().id, priority: 'medium' }}
          onClose={close}
          onCreated={(task) => {
            close()
            if (tab === 'all' && task.id) go('tasks', { tab, peek: task.id })
          }}
        />
      )}
    />
  )
}

export function TaskPage() {
  const { id = '' } = useParams({ strict: false })
  return <TaskRecord key={id} id={id} />
}

function TaskRecord({ id, onClose }: { id: string; onClose?: () => void }) {
  return (
    <RecordScreen
      entity={taskEntity()}
      id={id}
      {...(onClose ? { place: 'panel' as const, onClose } : { place: 'page' as const })}
      actions={taskActions}
      aside={(task) => <About task={task} />}
    />
  )
}

function About({ task }: { task: TaskView }) {
  const path = task.entity_type ? ABOUT_PATHS[task.entity_type] : undefined
  if (!path || !task.entity_id) return null
  return <Link to={hrefOf(`${path}/${task.entity_id}`)}>{taskText.text.openAbout}</Link>
}
