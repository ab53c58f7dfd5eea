// One row of a grid: cells are plain functions of the record, no component and no handler each.

import { memo, type ReactNode } from 'react'

import type { Column, RowOf } from './column'
import styles from './grid.module.css'

export type RowProps<Row> = {
  row: Row | undefined
  index: number
  top: number
  columns: readonly Column<Row>[]
  isSelected: boolean
  isPeeked: boolean
  /** The focused column, or -1. */
  focused: number
  editor: ReactNode
  gridId: string
  selectLabel: string
}

function GridRow<Row extends RowOf>({
  row,
  index,
  top,
  columns,
  isSelected,
  isPeeked,
  focused,
  editor,
  gridId,
  selectLabel,
}: RowProps<Row>) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-row={index}
      className={[styles.row, isSelected && styles.selected, isPeeked && styles.peeked]
        .filter(Boolean)
        .join(' ')}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div
        role="gridcell"
        data-column={-1}
        className={styles.check}
        aria-label={selectLabel}
        aria-colindex={1}
        aria-selected={isSelected}
      >
        <span className={styles.box} data-on={isSelected || undefined} />
      </div>
      {columns.map((column, at) => (
        <div
          key={column.key}
          id={focused === at ? `${gridId}-focus` : undefined}
          role="gridcell"
          aria-colindex={at + 2}
          data-column={at}
          className={[styles.cell, column.align && styles.end, focused === at && styles.focused]
            .filter(Boolean)
            .join(' ')}
        >
          {row ? column.cell(row) : <span className={styles.blank} />}
          {focused === at && editor}
        </div>
      ))}
    </div>
  )
}

export const Row = memo(GridRow) as typeof GridRow
