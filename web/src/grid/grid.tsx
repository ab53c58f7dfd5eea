// Grid of any number of rows: only those on the screen exist, one listener serves all cells, keys do everything.

import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react'

import { coreText } from '../text/core'
import type { Column, RowOf } from './column'
import { CellEditor, type Step } from './editor'
import styles from './grid.module.css'
import { Header } from './header'
import { Row } from './row'
import { added, type Focus, moved, range, type Selected, toggled } from './state'

const CHECK_WIDTH = 36
/** Browsers end elements at some height; no list is shown further than this many rows. */
export const MOST_ROWS = 400_000

const rowHeight = (): number => (document.documentElement.dataset.density === 'compact' ? 28 : 36)

export type GridProps<Row extends RowOf> = {
  label: string
  count: number
  rowAt: (index: number) => Row | undefined
  /** The rows that are on the screen or near it. */
  onRange: (first: number, last: number) => void
  columns: readonly Column<Row>[]
  widths: Readonly<Record<string, number>>
  onWidth: (column: string, width: number) => void
  ordering: string
  onOrder: (column: string) => void
  selected: Selected
  onSelect: (selected: Selected) => void
  peeked: string | undefined
  onPeek: (row: Row | undefined) => void
  onOpen: (row: Row) => void
  onEdit: (row: Row, column: Column<Row>, value: string) => void
  onFocusRow?: (row: Row | undefined) => void
  /** Where the focus begins, such as when coming back from a record. */
  begin?: number
}

export function Grid<Row extends RowOf>(props: GridProps<Row>) {
  const { count, rowAt, onRange, columns, selected, onSelect, peeked, onPeek, onOpen, onEdit, onFocusRow } =
    props
  const shown = Math.min(count, MOST_ROWS)
  const scroller = useRef<HTMLDivElement>(null)
  const cell = useRef<Element>(null)
  const gridId = useId()
  const height = rowHeight()
  const [focus, setFocus] = useState<Focus>({ row: props.begin ?? 0, column: 0 })
  const [isEditing, setEditing] = useState(false)
  const anchorRow = useRef(0)

  const virtual = useVirtualizer({
    count: shown,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 10,
    useFlushSync: false,
    scrollPaddingStart: height,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  useEffect(() => onRange(first, last), [first, last, onRange])

  const row = Math.min(focus.row, Math.max(0, shown - 1))
  const focusedRow = rowAt(row)
  const focusedId = focusedRow?.id
  useEffect(() => {
    onFocusRow?.(focusedRow)
    // Which record it is matters, not which copy of it.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [focusedId, onFocusRow])

  const go = useCallback(
    (next: Focus): void => {
      setEditing(false)
      setFocus(next)
      virtual.scrollToIndex(next.row)
      scroller.current?.focus({ preventScroll: true })
    },
    [virtual],
  )

  useEffect(() => {
    if (props.begin) virtual.scrollToIndex(props.begin, { align: 'center' })
    // Only when the grid is first shown.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [])

  const edit = (): void => {
    const column = columns[focus.column]
    if (!column?.editor || !focusedRow) return
    cell.current = document.getElementById(`${gridId}-focus`)
    setEditing(true)
  }

  const done = (value: string | undefined, step: Step): void => {
    const column = columns[focus.column]
    setEditing(false)
    scroller.current?.focus({ preventScroll: true })
    if (value !== undefined && column && focusedRow) onEdit(focusedRow, column, value)
    const bounds = { rows: shown, columns: columns.length, page: 1 }
    const next =
      step === 'stay'
        ? undefined
        : moved({ ...focus, row }, step === 'down' ? 'ArrowDown' : 'ArrowRight', bounds)
    if (next) go(next)
  }

  const onKeyDown = (press: KeyboardEvent<HTMLDivElement>): void => {
    if (press.target !== press.currentTarget || shown === 0) return
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? height) / height) - 2)
    const bounds = { rows: shown, columns: columns.length, page }
    const next = moved({ ...focus, row }, press.key, bounds, press.ctrlKey || press.metaKey)
    if (next && !press.altKey) {
      if (press.shiftKey && next.row !== row) {
        onSelect(
          added(
            selected,
            range(row, next.row, (at) => rowAt(at)?.id),
          ),
        )
      } else anchorRow.current = next.row
      go(next)
      const target = rowAt(next.row)
      if (peeked !== undefined && target && next.row !== row) onPeek(target)
    } else if (press.key === 'Enter' && focusedRow) onOpen(focusedRow)
    else if (press.key === ' ' && focusedRow) onPeek(peeked === focusedRow.id ? undefined : focusedRow)
    else if (press.key === 'Escape' && (peeked !== undefined || selected.size > 0)) {
      if (peeked !== undefined) onPeek(undefined)
      else onSelect(new Set())
    } else if (press.key === 'F2' || (press.key === 'e' && !press.ctrlKey && !press.metaKey && !press.altKey))
      edit()
    else if (press.key === 'x' && focusedRow && !press.ctrlKey && !press.metaKey && !press.altKey) {
      onSelect(toggled(selected, focusedRow.id))
    } else if (press.key === 'a' && (press.ctrlKey || press.metaKey)) {
      onSelect(
        added(
          selected,
          range(0, shown - 1, (at) => rowAt(at)?.id),
        ),
      )
    } else return
    press.preventDefault()
  }

  const place = (target: EventTarget): Focus | undefined => {
    const at = (target as Element).closest?.('[data-column]')
    const line = at?.closest('[data-row]')
    if (!at || !line) return undefined
    return { row: Number(line.getAttribute('data-row')), column: Number(at.getAttribute('data-column')) }
  }

  const onClick = (click: MouseEvent<HTMLDivElement>): void => {
    const at = place(click.target)
    const clicked = at && rowAt(at.row)
    if (!at || !clicked || (click.target as Element).closest('input')) return
    if (at.column < 0 || click.ctrlKey || click.metaKey) {
      const ids = click.shiftKey ? range(anchorRow.current, at.row, (index) => rowAt(index)?.id) : []
      onSelect(ids.length ? added(selected, ids) : toggled(selected, clicked.id))
      anchorRow.current = at.row
      setFocus({ row: at.row, column: Math.max(0, at.column) })
      return
    }
    anchorRow.current = at.row
    const isLink = (click.target as Element).closest('[data-open]') !== null
    const isTouch = (click.nativeEvent as PointerEvent).pointerType === 'touch'
    setEditing(false)
    setFocus(at)
    if (isLink || isTouch) onOpen(clicked)
    else if (peeked !== undefined) onPeek(clicked)
  }

  const template = useMemo(
    () =>
      `${CHECK_WIDTH}px ${columns.map((column) => `${props.widths[column.key] ?? column.width}px`).join(' ')} minmax(0, 1fr)`,
    [columns, props.widths],
  )
  const width = columns.reduce((sum, column) => sum + (props.widths[column.key] ?? column.width), CHECK_WIDTH)
  const focusedColumn = columns[focus.column]
  const editor =
    isEditing && focusedColumn?.editor && focusedRow ? (
      <CellEditor
        editor={focusedColumn.editor}
        label={coreText.text.record.edit(focusedColumn.label)}
        value={focusedColumn.value(focusedRow)}
        anchor={cell}
        onDone={done}
      />
    ) : null

  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable
      aria-activedescendant={shown > 0 ? `${gridId}-focus` : undefined}
      className={styles.grid}
      style={{ ['--columns' as string]: template, ['--width' as string]: `${width}px` }}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onDoubleClick={(click) => place(click.target) && edit()}
    >
      <Header
        columns={columns}
        widths={props.widths}
        onWidth={props.onWidth}
        ordering={props.ordering}
        onOrder={props.onOrder}
      />
      <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const at = rowAt(index)
          return (
            <Row
              key={index}
              row={at}
              index={index}
              top={start}
              columns={columns}
              isSelected={at !== undefined && selected.has(at.id)}
              isPeeked={at !== undefined && at.id === peeked}
              focused={index === row ? focus.column : -1}
              editor={index === row ? editor : null}
              gridId={gridId}
              selectLabel={coreText.text.list.select}
            />
          )
        })}
      </div>
    </div>
  )
}
