// Reads of records, with their keys: everything of a tenant below its id, everything of a kind below its noun.

import { queryOptions, type QueryClient, type QueryKey } from '@tanstack/react-query'

import { call } from '../api/call'
import type { ListOf } from '../api/operation'
import { PAGE, type Source } from '../grid/pages'
import { membership } from '../session/session'
import type { Entity, RecordView } from './entity'

export const keyOf = (noun: string, ...rest: unknown[]): QueryKey => [membership().tenant_id, noun, ...rest]

export function rowsSource<View extends RecordView>(
  entity: Entity<View>,
  query: Record<string, string>,
  fields: string,
): Source<View> {
  const { ordering: _, ...counted } = query
  return {
    key: keyOf(entity.noun, 'list', query, fields),
    page: (at, signal) =>
      call(entity.operations.list, {
        query: { ...query, fields, page_size: PAGE, ...at, ...('page' in at ? { count: 'none' } : {}) },
        signal,
      }),
    count: async (signal) => {
      const list = await call(entity.operations.list, {
        query: { ...counted, fields: 'id', page_size: 1, count: 'exact' },
        signal,
      })
      return list.count ?? 0
    },
  }
}

export const oneQuery = <View extends RecordView>(entity: Entity<View>, id: string) =>
  queryOptions({
    queryKey: keyOf(entity.noun, 'one', id),
    queryFn: ({ signal }) => call(entity.operations.get, { params: { id }, signal }),
  })

/** Lays a change over every copy of a record. Gives back how to take it off again. */
export function patchCopies<View extends RecordView>(
  client: QueryClient,
  noun: string,
  id: string,
  change: Partial<View>,
): () => void {
  const lists = client.getQueriesData<ListOf<View>>({ queryKey: keyOf(noun, 'list') })
  const before: Array<[QueryKey, unknown]> = []
  for (const [key, list] of lists) {
    if (!list || typeof list !== 'object' || !list.results?.some((row) => row.id === id)) continue
    before.push([key, list])
    const results = list.results.map((row) => (row.id === id ? { ...row, ...change } : row))
    client.setQueryData(key, { ...list, results })
  }
  const oneKey = keyOf(noun, 'one', id)
  const one = client.getQueryData<View>(oneKey)
  if (one) {
    before.push([oneKey, one])
    client.setQueryData(oneKey, { ...one, ...change })
  }
  return () => {
    for (const [key, data] of before) client.setQueryData(key, data)
  }
}

/** Asks again for what may have changed with a record of this kind. */
export async function refresh(client: QueryClient, noun: string, id?: string): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: keyOf(noun, 'list') }),
    client.invalidateQueries({ queryKey: keyOf(noun, 'board') }),
    ...(id === undefined
      ? []
      : [
          client.invalidateQueries({ queryKey: keyOf(noun, 'one', id) }),
          client.invalidateQueries({ queryKey: keyOf(noun, 'timeline', id) }),
        ]),
  ])
}
