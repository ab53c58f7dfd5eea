// A view of a list: search, filters, order and columns, all of it in the address.

import type { Listing } from '../api/operation'

export type Search = Record<string, string>

export type Filter = { field: string; operator: string; value: string }

export type View = {
  search: string
  filters: Filter[]
  ordering: string
  columns: string[]
}

const OPERATORS = ['in', 'gte', 'lte', 'isnull', 'icontains'] as const

/** How addresses are read and written: plain texts, so that a link says what it shows. */
export const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text))

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') params.set(key, value)
  }
  const text = params.toString()
  return text ? `?${text}` : ''
}

function filterOf(key: string, value: string, listing: Listing): Filter | undefined {
  const operator = OPERATORS.find((one) => key.endsWith(`__${one}`)) ?? 'eq'
  const field = operator === 'eq' ? key : key.slice(0, -operator.length - 2)
  return listing.filters[field]?.includes(operator) ? { field, operator, value } : undefined
}

export const filterKey = ({ field, operator }: Pick<Filter, 'field' | 'operator'>): string =>
  operator === 'eq' ? field : `${field}__${operator}`

export type ViewDefaults = { ordering: string; columns: string[] }

/** What an address asks for; what the list does not offer is left out. */
export function viewOf(search: Search, listing: Listing, defaults: ViewDefaults): View {
  const filters = Object.entries(search).flatMap(([key, value]) => filterOf(key, value, listing) ?? [])
  const wanted = search.ordering ?? ''
  const isKnown = listing.orderings.includes(wanted.replace(/^-/, ''))
  const columns = search.columns?.split(',').filter((column) => listing.fields.includes(column)) ?? []
  return {
    search: search.search ?? '',
    filters,
    ordering: isKnown ? wanted : defaults.ordering,
    columns: columns.length ? columns : defaults.columns,
  }
}

/** The query of the API for a view. */
export function queryOf(view: View, always: Record<string, string> = {}): Record<string, string> {
  const query: Record<string, string> = { ...always, ordering: view.ordering }
  if (view.search) query.search = view.search
  for (const filter of view.filters) query[filterKey(filter)] = filter.value
  return query
}

export function withFilter(search: Search, filter: Filter, before?: Filter): Search {
  const next = before ? withoutFilter(search, before) : { ...search }
  next[filterKey(filter)] = filter.value
  return next
}

export function withoutFilter(search: Search, filter: Filter): Search {
  const { [filterKey(filter)]: _, ...rest } = search
  return rest
}

export function withoutFilters(search: Search, listing: Listing): Search {
  const kept = Object.entries(search).filter(
    ([key, value]) => key !== 'search' && !filterOf(key, value, listing),
  )
  return Object.fromEntries(kept)
}

/** The next order of a column: first descending, then ascending, then the default. */
export function nextOrdering(current: string, key: string, fallback: string): string {
  if (current === `-${key}`) return key
  return current === key ? fallback : `-${key}`
}
