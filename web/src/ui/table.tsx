// Table for lists of a few hundred rows at most.

import type { ReactNode } from 'react'

import styles from './table.module.css'

export type TableColumn<Row> = {
  key: string
  label: string
  cell: (row: Row) => ReactNode
  align?: 'end'
  isAction?: boolean
}

export function Table<Row extends { id: string }>({
  label,
  columns,
  rows,
}: {
  label: string
  columns: TableColumn<Row>[]
  rows: readonly Row[]
}) {
  return (
    // Focusable, because it scrolls sideways on narrow screens.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.scroller} role="region" aria-label={label} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={column.align ? styles.end : undefined}>
                {column.isAction ? <span className={styles.unseen}>{column.label}</span> : column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              {columns.map((column) => (
                <td key={column.key} className={column.align ? styles.end : undefined}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
