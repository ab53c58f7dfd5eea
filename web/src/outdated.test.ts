import { expect, test } from 'vitest'

import { mayReload } from './outdated'

test('a page that cannot find its parts is not loaded over and over', () => {
  expect(mayReload(0, 1_000_000)).toBe(true)
  expect(mayReload(990_000, 1_000_000)).toBe(false)
})
