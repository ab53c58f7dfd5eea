// Actions on records: declared once, offered as buttons, in the bar of a selection, in the palette and by key.

import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useRef, useState } from 'react'

import { call } from '../api/call'
import { Problem } from '../api/problem'
import { assignable, useMembers } from '../people/people'
import { may } from '../session/session'
import { type Command, useCommands } from '../shell/commands'
import { coreText } from '../text/core'
import { Button } from '../ui/button'
import { type Choice, Picker } from '../ui/picker'
import { explain } from '../ui/states'
import { toast } from '../ui/toast'
import type { Entity, RecordView } from './entity'
import { patchCopies, refresh } from './queries'

/** More are not changed one by one. */
const MOST = 200
const AT_ONCE = 4

export type Action<View> = {
  id: string
  name: string
  icon: ReactNode
  keys?: string
  permission?: string | undefined
  /** A value that is asked for first. */
  input?: 'person' | Choice[]
  /** None where it can be done; else the reason why not. */
  refusal?: (row: View) => string | undefined
  /** The change as it is shown before the server has answered. */
  shows?: (row: View, value: string) => Partial<View>
  run: (row: View, value: string) => Promise<unknown>
  undo: ((row: View) => Promise<unknown>) | { none: string }
  /** Opens something of its own instead, for one record. */
  opens?: (row: View) => void
  isQuiet?: boolean
}

/** The action that every kind of record has. */
export function removal<View extends RecordView>(entity: Entity<View>, icon: ReactNode): Action<View> {
  return {
    id: `${entity.noun}.remove`,
    name: coreText.text.record.remove,
    icon,
    keys: 'Delete',
    permission: entity.permissions.remove,
    run: (row) => call(entity.operations.remove, { params: { id: row.id }, version: row.version }),
    undo: (row) => call(entity.operations.restore, { params: { id: row.id } }),
    isQuiet: true,
  }
}

/** The place of a choice: its button, else the focused cell or card. */
function anchorOf(id: string): Element | null {
  const button = document.querySelector<HTMLElement>(`[data-action="${id}"]`)
  if (button?.offsetParent) return button
  return (
    document.querySelector('[id$="-focus"]') ??
    document.querySelector('[data-card]:focus') ??
    document.querySelector('main h1')
  )
}

async function each<View>(
  rows: readonly View[],
  work: (row: View) => Promise<unknown>,
): Promise<{ done: View[]; failed: unknown[] }> {
  const [done, failed]: [View[], unknown[]] = [[], []]
  const waiting = [...rows]
  const worker = async (): Promise<void> => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      try {
        await work(row)
        done.push(row)
      } catch (error) {
        failed.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, rows.length) }, worker))
  return { done, failed }
}

export function useActions<View extends RecordView>(
  entity: Entity<View>,
  actions: readonly Action<View>[],
  rows: readonly View[],
  group: string,
  after?: (action: Action<View>) => void,
) {
  const client = useQueryClient()
  const members = useMembers()
  const anchor = useRef<Element>(null)
  const [asking, setAsking] = useState<Action<View>>()

  const run = async (action: Action<View>, value: string): Promise<void> => {
    const takeBack = new Map(
      rows.map((row) => [
        row.id,
        patchCopies<View>(client, entity.noun, row.id, action.shows?.(row, value) ?? {}),
      ]),
    )
    const { done, failed } = await each(rows, async (row) => {
      try {
        await action.run(row, value)
      } catch (error) {
        takeBack.get(row.id)?.()
        throw error
      }
    })
    for (const row of done) void refresh(client, entity.noun, row.id)
    const { undo } = action
    const back =
      typeof undo === 'function' && done.length > 0
        ? async () => {
            const undone = await each(done, undo)
            for (const row of done) void refresh(client, entity.noun, row.id)
            if (undone.failed.length > 0) throw undone.failed[0]
          }
        : undefined
    const only = failed[0]
    if (done.length === 0 && only !== undefined) toast(explain(only), undefined, 'bad')
    else if (rows.length === 1) toast(`${action.name}: ${entity.title(rows[0] as View)}`, back)
    else toast(coreText.text.record.several(done.length, failed.length), back)
    if (done.length > 0) after?.(action)
  }

  const begin = (action: Action<View>): void => {
    if (action.opens && rows[0]) action.opens(rows[0])
    else if (action.input) {
      anchor.current = anchorOf(action.id)
      setAsking(action)
    } else void run(action, '')
  }

  const refusal = (action: Action<View>): string | undefined => {
    if (rows.length > MOST) return coreText.text.list.limit(MOST)
    if (action.opens && rows.length > 1) return coreText.text.list.limit(1)
    return rows.map((row) => action.refusal?.(row)).find((reason) => reason !== undefined)
  }

  const offered = rows.length === 0 ? [] : actions.filter((action) => may(action.permission))
  const commands: Command[] = offered.map((action) => ({
    id: action.id,
    name: action.name,
    group,
    icon: action.icon,
    ...(action.keys ? { keys: action.keys } : {}),
    permission: action.permission,
    disabledReason: refusal(action),
    run: () => begin(action),
  }))
  useCommands(commands)

  const choices = asking?.input === 'person' ? assignable(members) : (asking?.input ?? [])
  const picker = asking ? (
    <Picker
      label={asking.name}
      choices={choices}
      chosen={[]}
      anchor={anchor}
      onChoose={([value]) => value !== undefined && void run(asking, value)}
      onClose={() => setAsking(undefined)}
    />
  ) : null

  const buttons = (
    <>
      {offered.map((action) => (
        <Button
          key={action.id}
          data-action={action.id}
          kind={action.isQuiet ? 'quiet' : 'plain'}
          icon={action.icon}
          disabledReason={refusal(action)}
          onClick={() => begin(action)}
          iconOnly={action.isQuiet ?? false}
        >
          {action.name}
        </Button>
      ))}
      {picker}
    </>
  )
  return { buttons }
}

export const isGone = (error: unknown): boolean => error instanceof Problem && error.status === 404
