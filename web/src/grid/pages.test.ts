import { expect, test } from 'vitest'

import { pagesOf, placeOf } from './pages'

test('a stretch of rows needs the pages it touches', () => {
  expect(pagesOf(0, 40)).toEqual([0])
  expect(pagesOf(90, 130)).toEqual([0, 1])
  expect(pagesOf(149_990, 150_030)).toEqual([1499, 1500])
})

test('neighbours are walked to by cursor, far pages are jumped to by number', () => {
  expect(placeOf(0, undefined)).toEqual({ cursor: '' })
  expect(placeOf(3, { results: [], next_cursor: 'abc' })).toEqual({ cursor: 'abc' })
  expect(placeOf(1500, undefined)).toEqual({ page: 1501 })
})
