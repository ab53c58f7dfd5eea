// Focus and selection of a grid: pure, so that keys and clicks can be tried without a page.

export type Focus = { row: number; column: number }
export type Bounds = { rows: number; columns: number; page: number }

const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value))

/** The focus after a key; none when the key does not move it. */
export function moved(focus: Focus, key: string, bounds: Bounds, isJump = false): Focus | undefined {
  const to = (row: number, column: number): Focus => ({
    row: clamp(row, bounds.rows),
    column: clamp(column, bounds.columns),
  })
  switch (key) {
    case 'ArrowDown':
      return to(isJump ? bounds.rows - 1 : focus.row + 1, focus.column)
    case 'ArrowUp':
      return to(isJump ? 0 : focus.row - 1, focus.column)
    case 'ArrowRight':
      return to(focus.row, isJump ? bounds.columns - 1 : focus.column + 1)
    case 'ArrowLeft':
      return to(focus.row, isJump ? 0 : focus.column - 1)
    case 'PageDown':
      return to(focus.row + bounds.page, focus.column)
    case 'PageUp':
      return to(focus.row - bounds.page, focus.column)
    case 'Home':
      return isJump ? to(0, 0) : to(focus.row, 0)
    case 'End':
      return isJump ? to(bounds.rows - 1, bounds.columns - 1) : to(focus.row, bounds.columns - 1)
    default:
      return undefined
  }
}

export type Selected = ReadonlySet<string>

export function toggled(selected: Selected, id: string): Selected {
  const next = new Set(selected)
  if (!next.delete(id)) next.add(id)
  return next
}

/** The rows from one to another, either way, as far as they are loaded. */
export function range(from: number, to: number, idAt: (row: number) => string | undefined): string[] {
  const ids: string[] = []
  for (let row = Math.min(from, to); row <= Math.max(from, to); row++) {
    const id = idAt(row)
    if (id !== undefined) ids.push(id)
  }
  return ids
}

export const added = (selected: Selected, ids: readonly string[]): Selected => new Set([...selected, ...ids])
