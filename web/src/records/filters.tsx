// Filters of a list: chips that are always visible, each edited and removed where it stands.

import { useRef, useState } from 'react'
import { ListFilter, X } from 'lucide-react'

import { assignable, type Members, useMembers } from '../people/people'
import { coreText } from '../text/core'
import { date, number } from '../text/format'
import { Button } from '../ui/button'
import { TextField } from '../ui/field'
import { Choices, Floating } from '../ui/picker'
import { type Filter, type Search, withFilter, withoutFilter, withoutFilters } from '../views/view'
import { type Entity, type Field, fieldOf, type RecordView } from './entity'
import styles from './filters.module.css'
import { choicesOf, inputOf } from './values'

type FilterProps<View extends RecordView> = {
  entity: Entity<View>
  filters: Filter[]
  search: Search
  onSearch: (next: Search) => void
}

const operatorsOf = <View extends RecordView>(entity: Entity<View>, key: string): readonly string[] =>
  entity.listing.filters[key] ?? []

function described<View>(field: Field<View>, filter: Filter, members: Members): string {
  const t = coreText.text.list
  const values = filter.value.split(',')
  switch (filter.operator) {
    case 'isnull':
      return filter.value === 'true' ? t.isEmpty : t.isNotEmpty
    case 'icontains':
      return `${t.contains} “${filter.value}”`
    case 'gte':
    case 'lte': {
      const bound =
        field.kind === 'date' || field.kind === 'time' ? date(filter.value) : number(Number(filter.value))
      return `${filter.operator === 'gte' ? t.from : t.until} ${bound}`
    }
    default:
      if (field.kind === 'person') return values.map((id) => members.name(id)).join(', ')
      if (field.kind === 'flag') return filter.value === 'true' ? coreText.text.yes : coreText.text.no
      return values.map((id) => field.choices?.find((choice) => choice.id === id)?.label ?? id).join(', ')
  }
}

export function Filters<View extends RecordView>({ entity, filters, search, onSearch }: FilterProps<View>) {
  const members = useMembers()
  const [editing, setEditing] = useState<{ field: Field<View>; before: Filter | undefined } | 'field'>()
  const anchor = useRef<Element>(null)
  const t = coreText.text.list
  const offered = entity.fields.filter((field) => operatorsOf(entity, field.key).length > 0)

  return (
    <div className={styles.bar}>
      <Button
        kind="quiet"
        icon={<ListFilter />}
        data-filter-button
        onClick={(event) => {
          anchor.current = event.currentTarget
          setEditing('field')
        }}
      >
        {t.filter}
      </Button>
      {filters.map((filter) => {
        const field = fieldOf(entity, filter.field)
        if (!field) return null
        const name = `${field.label} ${described(field, filter, members)}`
        return (
          <span key={`${filter.field}.${filter.operator}`} className={styles.chip}>
            <button
              type="button"
              className={styles.text}
              onClick={(event) => {
                anchor.current = event.currentTarget
                setEditing({ field, before: filter })
              }}
            >
              <span className={styles.field}>{field.label}</span> {described(field, filter, members)}
            </button>
            <button
              type="button"
              className={styles.remove}
              aria-label={t.remove(name)}
              onClick={() => onSearch(withoutFilter(search, filter))}
            >
              <X />
            </button>
          </span>
        )
      })}
      {filters.length > 1 && (
        <Button kind="quiet" onClick={() => onSearch(withoutFilters(search, entity.listing))}>
          {t.clearFilters}
        </Button>
      )}
      {editing && (
        <Floating label={t.addFilter} anchor={anchor} onClose={() => setEditing(undefined)}>
          {editing === 'field' ? (
            <Choices
              label={t.addFilter}
              chosen={[]}
              choices={offered.map((field) => ({ id: field.key, label: field.label }))}
              onChoose={(key) => {
                const field = fieldOf(entity, key)
                if (field) setEditing({ field, before: filters.find((filter) => filter.field === key) })
              }}
            />
          ) : (
            <FilterValue
              key={editing.field.key}
              field={editing.field}
              operators={operatorsOf(entity, editing.field.key)}
              before={editing.before}
              members={members}
              onFilter={(filter, isDone) => {
                onSearch(
                  filter ? withFilter(search, filter, editing.before) : withoutBefore(search, editing.before),
                )
                setEditing(isDone ? undefined : { ...editing, before: filter })
              }}
            />
          )}
        </Floating>
      )}
    </div>
  )
}

const withoutBefore = (search: Search, before: Filter | undefined): Search =>
  before ? withoutFilter(search, before) : search

function FilterValue<View>({
  field,
  operators,
  before,
  members,
  onFilter,
}: {
  field: Field<View>
  operators: readonly string[]
  before: Filter | undefined
  members: Members
  onFilter: (filter: Filter | undefined, isDone: boolean) => void
}) {
  const t = coreText.text
  const listed = field.kind === 'person' ? assignable(members) : field.choices
  if (listed && operators.includes('in')) {
    const isListed = before?.operator === 'in' || before?.operator === 'eq'
    const chosen = before?.operator === 'isnull' ? ['null'] : isListed ? before.value.split(',') : []
    const choices =
      operators.includes('isnull') && !field.isRequired
        ? [...listed, { id: 'null', label: t.list.isEmpty }]
        : listed
    return (
      <Choices
        label={field.label}
        choices={choices}
        chosen={chosen}
        onChoose={(id) => {
          if (id === 'null') return onFilter({ field: field.key, operator: 'isnull', value: 'true' }, true)
          const now = chosen.filter((one) => one !== 'null')
          const next = now.includes(id) ? now.filter((one) => one !== id) : [...now, id]
          const value = next.join(',')
          return onFilter(value ? { field: field.key, operator: 'in', value } : undefined, next.length === 0)
        }}
      />
    )
  }
  if (field.kind === 'flag') {
    const choices = choicesOf(['true', 'false'], { true: t.yes, false: t.no })
    const onChoose = (value: string): void => onFilter({ field: field.key, operator: 'eq', value }, true)
    return (
      <Choices
        label={field.label}
        choices={choices}
        chosen={before ? [before.value] : []}
        onChoose={onChoose}
      />
    )
  }
  const labels = { icontains: t.list.contains, gte: t.list.from, lte: t.list.until, eq: '=' }
  const isText = !['number', 'money', 'date', 'time'].includes(field.kind)
  const fitting = (isText ? (['icontains', 'eq'] as const) : (['gte', 'lte'] as const)).filter((one) =>
    operators.includes(one),
  )
  const [first] = fitting
  if (!first) return null
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        const data = new FormData(event.currentTarget)
        const value = String(data.get('value') ?? '').trim()
        const operator = String(data.get('operator') ?? first)
        onFilter(value ? { field: field.key, operator, value } : undefined, true)
      }}
    >
      {fitting.length > 1 && (
        <fieldset className={styles.operators}>
          <legend>{field.label}</legend>
          {fitting.map((operator) => (
            <label key={operator}>
              <input
                type="radio"
                name="operator"
                value={operator}
                defaultChecked={operator === (before?.operator ?? first)}
              />
              {labels[operator]}
            </label>
          ))}
        </fieldset>
      )}
      <TextField
        label={field.label}
        name="value"
        type={inputOf(field.kind) === 'date' ? 'date' : 'text'}
        defaultValue={
          before && before.operator !== 'isnull'
            ? before.value.slice(0, inputOf(field.kind) === 'date' ? 10 : undefined)
            : ''
        }
        autoFocus
      />
      <Button type="submit" kind="primary">
        {t.list.apply}
      </Button>
    </form>
  )
}
