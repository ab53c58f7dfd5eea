// Times of tasks. Pure.

type Due = { status?: string; due_at?: string | null }

export function isOverdue(task: Due, now = Date.now()): boolean {
  const isOver = task.status === 'done' || task.status === 'cancelled'
  return !isOver && !!task.due_at && Date.parse(task.due_at) < now
}

/** The same time a day later, or tomorrow where it lies in the past. */
export function dayAfter(due: string | null | undefined, now = Date.now()): string {
  const at = new Date(due ?? now)
  const next = new Date(at)
  do next.setDate(next.getDate() + 1)
  while (next.getTime() <= now)
  return next.toISOString()
}
