// States of imports, and the mapping of their columns. Pure.

import type { ColumnView, ImportView } from '../api/generated/lead.schema'
import type { Tone } from '../ui/badge'

export type State = 'waits' | 'works' | 'checked' | 'over'

/** What can be done with an import: started, watched, started after a check, or looked at. */
export function stateOf(one: Pick<ImportView, 'status' | 'mode'>): State {
  if (one.status === 'validating' || one.status === 'running') return 'works'
  if (one.status === 'pending') return one.mode === 'preview' ? 'waits' : 'works'
  const isDone = one.status === 'completed' || one.status === 'completed_with_errors'
  return isDone && one.mode === 'validate' ? 'checked' : 'over'
}

export const TONES: Record<ImportView['status'], Tone> = {
  pending: 'neutral',
  validating: 'info',
  running: 'info',
  completed: 'good',
  completed_with_errors: 'warn',
  failed: 'bad',
  undone: 'neutral',
}

export const KEEP = ''
export const SKIP = 'skip'

/** The mapping of all columns as it is written, with one of them changed. */
export function remapped(
  columns: readonly ColumnView[],
  changed: string,
  field: string,
): Record<string, string | null> {
  const all = columns.map((column): [string, string | null] => [column.name, column.field ?? null])
  return { ...Object.fromEntries(all), [changed]: field === KEEP ? null : field }
}
