// List of records: search, filters and columns in the address, a grid of any length, a panel beside it.

import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Columns3, Plus } from 'lucide-react'

import { Grid, MOST_ROWS } from '../grid/grid'
import { useRows } from '../grid/pages'
import type { Selected } from '../grid/state'
import { useMembers } from '../people/people'
import { remember, remembered } from '../session/preferences'
import { may } from '../session/session'
import { useCommands } from '../shell/commands'
import { coreText } from '../text/core'
import { Button } from '../ui/button'
import { Picker } from '../ui/picker'
import { Empty, Failed, Waiting } from '../ui/states'
import { nextOrdering, queryOf, viewOf, withoutFilters } from '../views/view'
import { type Action, useActions } from './actions'
import { useAddress } from './address'
import { useEdit } from './edit'
import { type Entity, fieldsFor, type RecordView } from './entity'
import { Filters } from './filters'
import styles from './list.module.css'
import { keepPlace, placeIn } from './places'
import { rowsSource } from './queries'
import { columnsOf } from './values'

type ListProps<View extends RecordView> = {
  entity: Entity<View>
  actions: readonly Action<View>[]
  panel: (id: string, close: () => void) => ReactNode
  creation?: (close: () => void) => ReactNode
  /** Filters that stand for the screen and not for the person's choice. */
  always?: Record<string, string>
  tabs?: ReactNode
}

export function RecordList<View extends RecordView>({
  entity,
  actions,
  panel,
  creation,
  always,
  tabs,
}: ListProps<View>) {
  const t = coreText.text.list
  const { search, setSearch, go } = useAddress()
  const members = useMembers()
  const [place] = useState(() => placeIn(entity.noun))
  const [selected, setSelected] = useState<Selected>(new Set())
  const [focused, setFocused] = useState<View>()
  const [isCreating, setCreating] = useState(false)
  const [widths, setWidths] = useState<Record<string, number>>(
    () => remembered(`${entity.noun}.widths`) ?? {},
  )
  const searchInput = useRef<HTMLInputElement>(null)
  const columnsButton = useRef<HTMLButtonElement>(null)
  const [isChoosing, setChoosing] = useState(false)

  const kept = remembered<string[]>(`${entity.noun}.columns`)
  const columnKey = search.columns ?? kept?.join(',') ?? entity.columns.join(',')
  const view = useMemo(
    () => viewOf(search, entity.listing, { ordering: entity.ordering, columns: columnKey.split(',') }),
    [search, entity, columnKey],
  )
  const query = useMemo(() => queryOf(view, always), [view, always])
  const fields = fieldsFor(entity, view.columns)
  const rows = useRows(useMemo(() => rowsSource(entity, query, fields), [entity, query, fields]))
  const mayUpdate = may(entity.permissions.update)
  const columns = useMemo(
    () => columnsOf(entity, view.columns, members, mayUpdate),
    [entity, view.columns, members, mayUpdate],
  )
  const { changeText, dialog } = useEdit(entity)

  const loaded = useCallback(() => {
    const ids: View[] = []
    for (let at = 0; at < Math.min(rows.count, MOST_ROWS); at++) {
      const row = rows.rowAt(at)
      if (row) ids.push(row)
      else if (ids.length > 0 && at > 5_000) break
    }
    return ids
  }, [rows])
  const chosen = useMemo(
    () => (selected.size > 0 ? loaded().filter((row) => selected.has(row.id)) : focused ? [focused] : []),
    [selected, focused, loaded],
  )
  const { buttons } = useActions(entity, actions, chosen, entity.many, (action) => {
    if (action.id.endsWith('.remove')) {
      setSelected(new Set())
      if (search.peek) setSearch({ ...search, peek: '' }, true)
    }
  })

  const open = (row: View): void => {
    const near = loaded()
    keepPlace(entity.noun, {
      ids: near.map((one) => one.id),
      index: near.findIndex((one) => one.id === row.id),
      search,
    })
    go(`${entity.noun}/${row.id}`)
  }
  const peek = (row: View | undefined): void =>
    setSearch({ ...search, peek: row?.id ?? '' }, search.peek !== undefined)

  useCommands([
    {
      id: `${entity.noun}.create`,
      name: entity.newOne,
      group: entity.many,
      keys: 'c',
      icon: <Plus />,
      permission: entity.permissions.create,
      ...(creation ? {} : { disabledReason: '' }),
      run: () => setCreating(true),
    },
    {
      id: 'list.search',
      name: t.search,
      group: entity.many,
      keys: '/',
      run: () => searchInput.current?.focus(),
    },
    {
      id: 'list.filter',
      name: t.addFilter,
      group: entity.many,
      keys: 'f',
      run: () => document.querySelector<HTMLButtonElement>('[data-filter-button]')?.click(),
    },
    { id: 'list.columns', name: t.columns, group: entity.many, run: () => setChoosing(true) },
  ])

  const isFiltered = view.filters.length > 0 || view.search !== ''
  const isEmpty = !rows.isLoading && !rows.error && rows.count === 0
  return (
    <div className={styles.screen}>
      <div className={styles.list}>
        <header className={styles.head}>
          <h1>{entity.many}</h1>
          <span className={styles.count} aria-live="polite">
            {rows.isCounted ? t.count(rows.count) : t.counting}
          </span>
          {tabs}
          <span className={styles.gap} />
          <SearchInput
            inputRef={searchInput}
            value={view.search}
            onChange={(text) => setSearch({ ...search, search: text, peek: '' }, true)}
          />
          <Button
            ref={columnsButton}
            kind="quiet"
            iconOnly
            icon={<Columns3 />}
            onClick={() => setChoosing(true)}
          >
            {t.columns}
          </Button>
          {creation && may(entity.permissions.create) && (
            <Button kind="primary" icon={<Plus />} onClick={() => setCreating(true)}>
              {entity.newOne}
            </Button>
          )}
        </header>
        <div className={styles.bar}>
          {selected.size > 0 ? (
            <div className={styles.bulk} role="toolbar" aria-label={t.selected(selected.size)}>
              <strong>{t.selected(selected.size)}</strong>
              {buttons}
              <Button kind="quiet" onClick={() => setSelected(new Set())}>
                {t.clear}
              </Button>
            </div>
          ) : (
            <Filters
              entity={entity}
              filters={view.filters}
              search={search}
              onSearch={(next) => setSearch({ ...next, peek: '' })}
            />
          )}
        </div>
        {rows.error ? (
          <Failed error={rows.error} onRetry={rows.retry} />
        ) : rows.isLoading ? (
          <Waiting rows={12} />
        ) : isEmpty ? (
          <Empty title={isFiltered ? t.nothingMatches : t.nothing}>
            {isFiltered ? (
              <Button onClick={() => setSearch(withoutFilters(search, entity.listing))}>
                {t.clearFilters}
              </Button>
            ) : (
              creation &&
              may(entity.permissions.create) && (
                <Button onClick={() => setCreating(true)}>{entity.newOne}</Button>
              )
            )}
          </Empty>
        ) : (
          <>
            <Grid
              key={JSON.stringify(query)}
              label={entity.many}
              count={rows.count}
              rowAt={rows.rowAt}
              onRange={rows.onRange}
              columns={columns}
              widths={widths}
              onWidth={(column, width) => {
                const next = { ...widths, [column]: width }
                setWidths(next)
                remember(`${entity.noun}.widths`, next)
              }}
              ordering={view.ordering}
              onOrder={(column) =>
                setSearch({ ...search, ordering: nextOrdering(view.ordering, column, entity.ordering) })
              }
              selected={selected}
              onSelect={setSelected}
              peeked={search.peek || undefined}
              onPeek={peek}
              onOpen={open}
              onEdit={(row, column, value) => void changeText(row, column.key, value)}
              onFocusRow={setFocused}
              {...(place && JSON.stringify(place.search) === JSON.stringify(search)
                ? { begin: place.index }
                : {})}
            />
            {rows.count > MOST_ROWS && <p className={styles.note}>{t.cutOff}</p>}
          </>
        )}
      </div>
      {search.peek && panel(search.peek, () => peek(undefined))}
      {isCreating && creation?.(() => setCreating(false))}
      {isChoosing && (
        <Picker
          label={t.columns}
          multiple
          anchor={columnsButton}
          chosen={view.columns}
          choices={entity.fields
            .filter((field) => !field.isRecordOnly && entity.listing.fields.includes(field.key))
            .map((field) => ({ id: field.key, label: field.label }))}
          onChoose={(next) => {
            if (next.length === 0) return
            remember(`${entity.noun}.columns`, next)
            setSearch({ ...search, columns: next.join(',') }, true)
          }}
          onClose={() => setChoosing(false)}
        />
      )}
      {selected.size === 0 && <div className={styles.hidden}>{buttons}</div>}
      {dialog}
    </div>
  )
}

function SearchInput({
  value,
  onChange,
  inputRef,
}: {
  value: string
  onChange: (text: string) => void
  inputRef: React.RefObject<HTMLInputElement | null>
}) {
  const [text, setText] = useState(value)
  const [from, setFrom] = useState(value)
  if (from !== value) {
    setFrom(value)
    setText(value)
  }
  useEffect(() => {
    if (text === value) return undefined
    const timer = setTimeout(() => onChange(text), 200)
    return () => clearTimeout(timer)
    // The newest `onChange` is called; it is another at each render.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [text, value])
  return (
    <input
      ref={inputRef}
      type="search"
      className={styles.search}
      placeholder={coreText.text.list.search}
      aria-label={coreText.text.list.search}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' && event.key !== 'Enter') return
        document.querySelector<HTMLElement>('[role=grid]')?.focus()
      }}
    />
  )
}
