// The access token: in memory only, renewed by the session cookie that no script can read.

import type { GrantView } from '../api/generated/auth.schema'
import { problemOf, Problem, Unreachable } from '../api/problem'

const RENEW_BEFORE_MS = 60_000
const LOCK = 'leadstream-refresh'

export type Grant = Pick<GrantView, 'access_token' | 'expires_in'>
type Held = { token: string; until: number }
/** Messages between the tabs of one browser; each names its person, and tabs of another person drop it. */
export type Told =
  | { kind: 'token'; person: string; token: string; until: number }
  | { kind: 'signed-in'; person: string }
  | { kind: 'signed-out'; person: string }

const channel =
  typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('leadstream-session')

let held: Held | undefined
let person: string | undefined
let renewing: Promise<string | undefined> | undefined
let listener: ((told: Told) => void) | undefined

channel?.addEventListener('message', ({ data }: MessageEvent<Told>) => {
  if (data.kind === 'token' && data.person === person) held = { token: data.token, until: data.until }
  listener?.(data)
})

export function listen(next: (told: Told) => void): void {
  listener = next
}

export function tell(told: Told): void {
  channel?.postMessage(told)
}

export function become(next: string | undefined): void {
  person = next
  if (next === undefined) held = undefined
}

export function keep(grant: Grant): string {
  held = { token: grant.access_token, until: Date.now() + grant.expires_in * 1000 }
  if (person) tell({ kind: 'token', person, token: held.token, until: held.until })
  return held.token
}

const isFresh = (now: number): boolean => held !== undefined && held.until - RENEW_BEFORE_MS > now

export async function token(): Promise<string | undefined> {
  if (person === undefined && held === undefined) return undefined
  if (isFresh(Date.now())) return held?.token
  return renewed(held?.token)
}

/** A token other than `refused`: of another tab where one has it already, else of the server. */
export function renewed(refused: string | undefined): Promise<string | undefined> {
  renewing ??= withLock(async () => {
    if (held && held.token !== refused && isFresh(Date.now())) return held.token
    return await renew()
  }).finally(() => {
    renewing = undefined
  })
  return renewing
}

async function withLock<T>(work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work()
  return (await navigator.locks.request(LOCK, work)) as T
}

/** None when there is no session any more. */
async function renew(): Promise<string | undefined> {
  try {
    return keep(await session<Grant>('POST', '/refresh', {}))
  } catch (error) {
    if (error instanceof Problem && (error.status === 401 || error.status === 403)) {
      held = undefined
      return undefined
    }
    throw error
  }
}

/** A request to the routes that read and set the session cookie. */
export async function session<T>(method: 'POST' | 'DELETE', path: string, body: unknown): Promise<T> {
  let response: Response
  try {
    response = await fetch(`/api/v2/auth/session${path}`, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  } catch (error) {
    throw new Unreachable(error)
  }
  if (!response.ok) throw await problemOf(response)
  return (response.status === 204 ? undefined : await response.json()) as T
}
