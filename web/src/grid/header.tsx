// Heading of a grid: names order the rows, edges set widths.

import { type PointerEvent, useRef } from 'react'
import { ArrowDown, ArrowUp } from 'lucide-react'

import { coreText } from '../text/core'
import type { Column } from './column'
import styles from './grid.module.css'

const NARROWEST = 64
const STEP = 16

export function Header<Row>({
  columns,
  widths,
  onWidth,
  ordering,
  onOrder,
}: {
  columns: readonly Column<Row>[]
  widths: Readonly<Record<string, number>>
  onWidth: (column: string, width: number) => void
  ordering: string
  onOrder: (column: string) => void
}) {
  return (
    <div role="rowgroup" className={styles.head}>
      <div role="row" aria-rowindex={1} className={styles.headRow}>
        <div role="columnheader" aria-colindex={1} aria-label={coreText.text.list.select} />
        {columns.map((column, at) => {
          const isDown = ordering === `-${column.key}`
          const isOrdered = isDown || ordering === column.key
          return (
            <div
              key={column.key}
              role="columnheader"
              aria-colindex={at + 2}
              aria-sort={isOrdered ? (isDown ? 'descending' : 'ascending') : undefined}
              className={`${styles.heading} ${column.align ? styles.end : ''}`}
            >
              {column.isOrderable ? (
                <button
                  type="button"
                  tabIndex={-1}
                  className={styles.order}
                  onClick={() => onOrder(column.key)}
                >
                  {column.label}
                  {isOrdered && (isDown ? <ArrowDown /> : <ArrowUp />)}
                </button>
              ) : (
                <span className={styles.name}>{column.label}</span>
              )}
              <Edge
                width={widths[column.key] ?? column.width}
                onWidth={(width) => onWidth(column.key, width)}
              />
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Edge({ width, onWidth }: { width: number; onWidth: (width: number) => void }) {
  const begun = useRef<{ x: number; width: number }>(undefined)
  const at = (event: PointerEvent): number =>
    Math.max(NARROWEST, (begun.current?.width ?? width) + event.clientX - (begun.current?.x ?? event.clientX))
  return (
    <span
      className={styles.edge}
      aria-hidden="true"
      onPointerDown={(event) => {
        begun.current = { x: event.clientX, width }
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => begun.current && onWidth(Math.round(at(event) / 4) * 4)}
      onPointerUp={() => {
        begun.current = undefined
      }}
      onDoubleClick={() => onWidth(width + STEP)}
    />
  )
}
