import { expect, test } from 'vitest'

import {
  nextOrdering,
  parseSearch,
  queryOf,
  stringifySearch,
  viewOf,
  withFilter,
  withoutFilters,
} from './view'

const listing = {
  filters: { status: ['eq', 'in', 'isnull'], score: ['eq', 'gte', 'lte'], company_name: ['icontains'] },
  orderings: ['score', 'created_at'],
  fields: ['id', 'status', 'score', 'company_name'],
}
const defaults = { ordering: '-score', columns: ['status', 'score'] }

test('an address becomes a view and the same query', () => {
  const search = parseSearch('?status__in=new%2Ccontacted&score__gte=50&search=ada&ordering=-created_at')

  const view = viewOf(search, listing, defaults)

  expect(queryOf(view)).toEqual({
    ordering: '-created_at',
    search: 'ada',
    status__in: 'new,contacted',
    score__gte: '50',
  })
})

test('what the list does not offer is left out', () => {
  const view = viewOf(
    { email: 'x', status__gte: 'new', ordering: 'phone', columns: 'phone,nope' },
    listing,
    defaults,
  )

  expect(view).toEqual({ search: '', filters: [], ordering: '-score', columns: ['status', 'score'] })
})

test('a changed filter replaces the one before, whatever its operator', () => {
  const before = { field: 'score', operator: 'gte', value: '50' }

  const next = withFilter(
    { score__gte: '50', peek: '7' },
    { field: 'score', operator: 'lte', value: '10' },
    before,
  )

  expect(next).toEqual({ score__lte: '10', peek: '7' })
})

test('clearing filters keeps order and columns', () => {
  const search = { status: 'new', search: 'ada', ordering: 'score', columns: 'score' }

  expect(withoutFilters(search, listing)).toEqual({ ordering: 'score', columns: 'score' })
})

test('a column is ordered down, up, and as by default', () => {
  expect(nextOrdering('-created_at', 'score', '-created_at')).toBe('-score')
  expect(nextOrdering('-score', 'score', '-created_at')).toBe('score')
  expect(nextOrdering('score', 'score', '-created_at')).toBe('-created_at')
})

test('addresses leave out what is empty and survive a round trip', () => {
  expect(stringifySearch({ search: '', peek: undefined })).toBe('')
  expect(parseSearch(stringifySearch({ search: 'a&b=c', status__in: 'x,y' }))).toEqual({
    search: 'a&b=c',
    status__in: 'x,y',
  })
})
