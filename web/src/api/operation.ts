// Types of the generated operations.

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One operation of the API; the type parameters are its path parameters, query, body and answer. */
export type Operation<Params extends string, Query, Body, Answer> = {
  method: Method
  path: string
  permission?: string
  /** Never set: carries the types. */
  types?: { params: Params; query: Query; body: Body; answer: Answer }
}

export type ListOf<Row> = {
  results: Array<Row>
  count?: number | null
  next?: string | null
  previous?: string | null
  next_cursor?: string | null
}

export type Listing = {
  readonly filters: Readonly<Record<string, readonly string[]>>
  readonly orderings: readonly string[]
  readonly fields: readonly string[]
}

type FilterKey<Filters extends Listing['filters']> = {
  [Field in keyof Filters & string]: Filters[Field][number] extends infer Operator
    ? Operator extends 'eq'
      ? Field
      : `${Field}__${Operator & string}`
    : never
}[keyof Filters & string]

export type ListQuery<Of extends Listing> = { [Key in FilterKey<Of['filters']>]?: string | boolean } & {
  page?: number
  page_size?: number
  count?: 'exact' | 'estimated' | 'none'
  cursor?: string
  ordering?: string
  fields?: string
  search?: string
}
