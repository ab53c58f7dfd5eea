// Board of columns and cards: cards are moved by dragging, by Alt with the arrows, and by a menu.

import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { MoveHorizontal } from 'lucide-react'

import { Button } from '../ui/button'
import { Picker } from '../ui/picker'
import styles from './board.module.css'

export type BoardColumn<Card> = {
  id: string
  name: string
  about: ReactNode
  cards: readonly Card[]
  note?: string | undefined
}

export type BoardProps<Card extends { id: string }> = {
  label: string
  columns: readonly BoardColumn<Card>[]
  empty: string
  moveLabel: string
  hint: string
  isMovable: boolean
  name: (card: Card) => string
  card: (card: Card) => ReactNode
  onMove: (card: Card, column: string) => void
  onOpen: (card: Card) => void
  onFocus: (card: Card) => void
}

export function Board<Card extends { id: string }>(props: BoardProps<Card>) {
  const board = useRef<HTMLDivElement>(null)
  const moving = useRef<string>(undefined)
  const [menu, setMenu] = useState<{ card: Card; column: string }>()
  const anchor = useRef<Element>(null)
  const hintId = useId()

  /** The focus follows the card to where it was moved. */
  const move = (card: Card, column: string): void => {
    moving.current = card.id
    props.onMove(card, column)
  }
  useEffect(() => {
    if (moving.current === undefined || (document.activeElement ?? document.body) !== document.body) return
    board.current?.querySelector<HTMLElement>(`[data-card="${moving.current}"]`)?.focus()
  })

  const onKeyDown = (press: KeyboardEvent<HTMLElement>, card: Card, column: number, at: number): void => {
    if (press.target !== press.currentTarget) return
    const side = press.key === 'ArrowLeft' ? -1 : press.key === 'ArrowRight' ? 1 : 0
    const vertical = press.key === 'ArrowUp' ? -1 : press.key === 'ArrowDown' ? 1 : 0
    if (press.altKey && side !== 0) {
      const target = props.columns[column + side]
      if (target && props.isMovable) move(card, target.id)
    } else if (side !== 0) {
      const rest = side < 0 ? props.columns.slice(0, column).toReversed() : props.columns.slice(column + 1)
      const target = rest.find((one) => one.cards.length > 0)
      focus(target?.cards[Math.min(at, target.cards.length - 1)])
    } else if (vertical !== 0) focus(props.columns[column]?.cards[at + vertical])
    else if (press.key === 'Enter') props.onOpen(card)
    else return
    press.preventDefault()
  }
  const focus = (card: Card | undefined): void => {
    if (card) board.current?.querySelector<HTMLElement>(`[data-card="${card.id}"]`)?.focus()
  }

  return (
    <div ref={board} className={styles.board} role="group" aria-label={props.label}>
      <span id={hintId} hidden>
        {props.hint}
      </span>
      {props.columns.map((column, at) => (
        <ColumnView
          key={column.id}
          column={column}
          empty={props.empty}
          onDrop={(card) => move(card as Card, column.id)}
        >
          {column.cards.map((card, index) => (
            <CardView
              key={card.id}
              card={card}
              hintId={hintId}
              isMovable={props.isMovable}
              onOpen={() => props.onOpen(card)}
              onFocus={() => props.onFocus(card)}
              onKeyDown={(press) => onKeyDown(press, card, at, index)}
              menu={
                props.isMovable && (
                  <Button
                    kind="quiet"
                    iconOnly
                    icon={<MoveHorizontal />}
                    onClick={(event) => {
                      event.stopPropagation()
                      anchor.current = event.currentTarget
                      setMenu({ card, column: column.id })
                    }}
                  >
                    {`${props.moveLabel} ${props.name(card)}`}
                  </Button>
                )
              }
            >
              {props.card(card)}
            </CardView>
          ))}
        </ColumnView>
      ))}
      {menu && (
        <Picker
          label={props.moveLabel}
          anchor={anchor}
          chosen={[menu.column]}
          choices={props.columns.map((column) => ({ id: column.id, label: column.name }))}
          onChoose={([column]) => column && column !== menu.column && move(menu.card, column)}
          onClose={() => setMenu(undefined)}
        />
      )}
    </div>
  )
}

function ColumnView<Card extends { id: string }>({
  column,
  empty,
  onDrop,
  children,
}: {
  column: BoardColumn<Card>
  empty: string
  onDrop: (card: unknown) => void
  children: ReactNode
}) {
  const place = useRef<HTMLElement>(null)
  const [isOver, setOver] = useState(false)
  const latest = useRef(onDrop)
  useEffect(() => {
    latest.current = onDrop
  })
  const { id } = column
  useEffect(() => {
    const element = place.current
    if (!element) return undefined
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => source.data.kind === 'card',
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false)
        if (source.data.column !== id) latest.current(source.data.card)
      },
    })
  }, [id])
  return (
    <section
      ref={place}
      className={styles.column}
      data-over={isOver || undefined}
      data-column={column.id}
      aria-label={column.name}
    >
      <header className={styles.head}>
        <h2>{column.name}</h2>
        <span className={styles.about}>{column.about}</span>
      </header>
      <ul className={styles.cards} tabIndex={-1}>
        {children}
        {column.cards.length === 0 && <li className={styles.empty}>{empty}</li>}
        {column.note && <li className={styles.empty}>{column.note}</li>}
      </ul>
    </section>
  )
}

function CardView<Card extends { id: string }>({
  card,
  hintId,
  isMovable,
  menu,
  children,
  onOpen,
  onFocus,
  onKeyDown,
}: {
  card: Card
  hintId: string
  isMovable: boolean
  menu: ReactNode
  children: ReactNode
  onOpen: () => void
  onFocus: () => void
  onKeyDown: (press: KeyboardEvent<HTMLElement>) => void
}) {
  const place = useRef<HTMLDivElement>(null)
  const [isDragged, setDragged] = useState(false)
  useEffect(() => {
    const element = place.current
    if (!element || !isMovable) return undefined
    return draggable({
      element,
      getInitialData: () => ({
        kind: 'card',
        card,
        column: element.closest('[data-column]')?.getAttribute('data-column'),
      }),
      onDragStart: () => setDragged(true),
      onDrop: () => setDragged(false),
    })
  }, [card, isMovable])
  return (
    <li className={styles.item}>
      <div
        ref={place}
        role="button"
        tabIndex={0}
        aria-describedby={isMovable ? hintId : undefined}
        data-card={card.id}
        data-dragged={isDragged || undefined}
        className={styles.card}
        onClick={onOpen}
        onFocus={onFocus}
        onKeyDown={onKeyDown}
      >
        {children}
      </div>
      <div className={styles.menu}>{menu}</div>
    </li>
  )
}
