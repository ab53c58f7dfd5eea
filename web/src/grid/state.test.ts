import { expect, test } from 'vitest'

import { added, moved, range, toggled } from './state'

const bounds = { rows: 200_000, columns: 6, page: 20 }

test('arrows move by one and stop at the edges', () => {
  expect(moved({ row: 0, column: 0 }, 'ArrowUp', bounds)).toEqual({ row: 0, column: 0 })
  expect(moved({ row: 0, column: 5 }, 'ArrowRight', bounds)).toEqual({ row: 0, column: 5 })
  expect(moved({ row: 7, column: 1 }, 'ArrowDown', bounds)).toEqual({ row: 8, column: 1 })
})

test('with the modifier they go to the end', () => {
  expect(moved({ row: 7, column: 1 }, 'ArrowDown', bounds, true)).toEqual({ row: 199_999, column: 1 })
  expect(moved({ row: 7, column: 1 }, 'Home', bounds, true)).toEqual({ row: 0, column: 0 })
})

test('pages move by what is visible', () => {
  expect(moved({ row: 199_990, column: 1 }, 'PageDown', bounds)).toEqual({ row: 199_999, column: 1 })
  expect(moved({ row: 25, column: 1 }, 'PageUp', bounds)).toEqual({ row: 5, column: 1 })
})

test('other keys do not move', () => {
  expect(moved({ row: 1, column: 1 }, 'a', bounds)).toBeUndefined()
})

test('a range takes what is loaded, in either direction', () => {
  const idAt = (row: number) => (row === 3 ? undefined : `id${row}`)

  expect(range(5, 2, idAt)).toEqual(['id2', 'id4', 'id5'])
})

test('selection is kept by id', () => {
  const selected = added(new Set(['a']), ['b', 'c'])

  expect([...toggled(selected, 'b')]).toEqual(['a', 'c'])
  expect([...toggled(selected, 'd')]).toEqual(['a', 'b', 'c', 'd'])
})
