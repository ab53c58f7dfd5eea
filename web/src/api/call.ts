// One request to the API: path, tenant, token, version and idempotency in one place.

import type { Operation } from './operation'
import { problemOf, Unreachable } from './problem'

export type Caller = {
  /** The access token, refreshed when it is about to end. */
  token(): Promise<string | undefined>
  /** A token other than the refused one, or none when the session is over. */
  renewed(refused: string | undefined): Promise<string | undefined>
  tenant(): string | undefined
  reached(ok: boolean): void
}

let caller: Caller | undefined

export function setCaller(next: Caller): void {
  caller = next
}

type Given<Params extends string, Query, Body> = ([Params] extends [never]
  ? { params?: undefined }
  : { params: Record<Params, string> }) &
  (Query extends undefined ? { query?: undefined } : { query?: Query }) &
  (Body extends undefined ? { body?: undefined } : { body: Body }) & {
    /** Version last seen, for `If-Match`. */
    version?: number
    /** Key under which the server does it once. */
    once?: string
    signal?: AbortSignal
  }

export async function call<Params extends string, Query, Body, Answer>(
  operation: Operation<Params, Query, Body, Answer>,
  given: Given<Params, Query, Body>,
): Promise<Answer> {
  const token = await caller?.token()
  let response = await send(operation, given, token)
  if (response.status === 401 && caller) {
    const renewed = await caller.renewed(token)
    if (renewed) response = await send(operation, given, renewed)
  }
  if (!response.ok) throw await problemOf(response)
  if (response.status === 204) return undefined as Answer
  const type = response.headers.get('content-type') ?? ''
  return (
    type.includes('json') && !type.includes('ndjson') ? await response.json() : await response.blob()
  ) as Answer
}

type Sent = {
  params?: Record<string, string>
  query?: unknown
  body?: unknown
  version?: number
  once?: string
  signal?: AbortSignal
}

async function send(
  operation: { method: string; path: string },
  given: Sent,
  token: string | undefined,
): Promise<Response> {
  const headers = new Headers({ Accept: 'application/json' })
  if (token) headers.set('Authorization', `Bearer ${token}`)
  const tenant = caller?.tenant()
  if (tenant) headers.set('X-Tenant-Id', tenant)
  if (given.version !== undefined) headers.set('If-Match', `"${given.version}"`)
  if (given.once) headers.set('Idempotency-Key', given.once)
  let body: BodyInit | undefined
  if (given.body instanceof FormData || given.body instanceof Blob) body = given.body
  else if (given.body !== undefined) {
    headers.set('Content-Type', 'application/json')
    body = JSON.stringify(given.body)
  }
  const { method } = operation
  const request: RequestInit = { method, headers, credentials: 'omit', cache: 'no-store' }
  if (body !== undefined) request.body = body
  if (given.signal) request.signal = given.signal
  try {
    const response = await fetch(address(operation.path, given.params, given.query), request)
    caller?.reached(true)
    return response
  } catch (error) {
    if (given.signal?.aborted) throw error
    caller?.reached(false)
    throw new Unreachable(error)
  }
}

/** The address of an operation with its path parameters and its query in place. */
export function address(path: string, params: Record<string, string> = {}, query?: unknown): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null) search.set(name, String(value))
  }
  const text = search.toString()
  return text ? `${filled}?${text}` : filled
}
