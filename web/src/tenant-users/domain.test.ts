import { expect, test } from 'vitest'

import { managersFor } from './domain'

const member = (id: string, reports_to: string | null, status = 'active') => ({ id, reports_to, status })

test('one reports neither to oneself nor to those below', () => {
  const all = [member('a', null), member('b', 'a'), member('c', 'b'), member('d', null)]

  expect(managersFor(all[0]!, all).map((one) => one.id)).toEqual(['d'])
  expect(managersFor(all[2]!, all).map((one) => one.id)).toEqual(['a', 'b', 'd'])
})

test('inactive members are offered only where they are already', () => {
  const all = [member('a', null, 'inactive'), member('b', 'a'), member('c', null)]

  expect(managersFor(all[1]!, all).map((one) => one.id)).toEqual(['a', 'c'])
  expect(managersFor(all[2]!, all).map((one) => one.id)).toEqual(['b'])
})
