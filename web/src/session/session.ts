// The signed-in person and the tenant they work in: one store that screens read.

import { useSyncExternalStore } from 'react'

import { call, setCaller } from '../api/call'
import { getCurrentUser } from '../api/generated/auth'
import type { BegunView, MeView, MembershipSummary } from '../api/generated/auth.schema'
import * as tokens from './token'

export type Session = { state: 'unknown' } | { state: 'out' } | { state: 'in'; me: MeView }

let current: Session = { state: 'unknown' }
let tenant: MembershipSummary | undefined
let isReached = true
let beginning: Promise<Session> | undefined
const listeners = new Set<() => void>()

function changed(): void {
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

setCaller({
  token: tokens.token,
  async renewed(refused) {
    const token = await tokens.renewed(refused)
    if (!token && current.state === 'in') leave()
    return token
  },
  tenant: () => tenant?.client_id,
  reached(ok) {
    if (ok === isReached) return
    isReached = ok
    changed()
  },
})

tokens.listen((told) => {
  if (current.state !== 'in') {
    if (told.kind === 'signed-in') location.reload()
  } else if (told.kind === 'signed-in' && told.person !== current.me.id) location.reload()
  else if (told.kind === 'signed-out' && told.person === current.me.id) leave()
})

/** Finds out whether the browser has a session; the app's first request. */
export function begin(): Promise<Session> {
  if (current.state !== 'unknown') return Promise.resolve(current)
  beginning ??= find().finally(() => {
    beginning = undefined
  })
  return beginning
}

async function find(): Promise<Session> {
  const token = await tokens.renewed(undefined)
  if (token) await enter()
  else set({ state: 'out' })
  return current
}

export async function signIn(email: string, password: string): Promise<void> {
  await entered(await tokens.session<BegunView>('POST', '', { email, password }))
}

export async function answerChallenge(challenge: string, code: string): Promise<void> {
  await entered(
    await tokens.session<BegunView>('POST', '/second-factor', { challenge_token: challenge, code }),
  )
}

async function entered(begun: BegunView): Promise<void> {
  tokens.become(begun.user.id)
  tokens.keep(begun)
  await enter()
  tokens.tell({ kind: 'signed-in', person: begun.user.id })
}

async function enter(): Promise<void> {
  const me = await call(getCurrentUser, {})
  tokens.become(me.id)
  set({ state: 'in', me })
}

export async function signOut(): Promise<void> {
  // The answer makes the browser forget what the page kept.
  const preferences = localStorage.getItem('leadstream.preferences')
  await tokens.session<undefined>('DELETE', '', {})
  if (current.state === 'in') tokens.tell({ kind: 'signed-out', person: current.me.id })
  localStorage.clear()
  sessionStorage.clear()
  if (preferences) localStorage.setItem('leadstream.preferences', preferences)
  // Loads the page again, so that nothing of the person stays in memory.
  location.assign('/app/sign-in')
}

/** The session is over: what is on the screen stays until the person signs in again. */
function leave(): void {
  tokens.become(undefined)
  set({ state: 'out' })
  location.assign(`/app/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`)
}

function set(next: Session): void {
  current = next
  changed()
}

export function enterTenant(clientId: string): MembershipSummary | undefined {
  if (current.state !== 'in') return undefined
  tenant = current.me.memberships.find((membership) => membership.client_id === clientId)
  return tenant
}

export function me(): MeView {
  if (current.state !== 'in') throw new Error('asked for the person before they signed in')
  return current.me
}

export function membership(): MembershipSummary {
  if (!tenant) throw new Error('asked for the tenant before it was entered')
  return tenant
}

export const mayIn = (held: MembershipSummary | undefined, permission: string | undefined): boolean =>
  permission === undefined || (held?.permissions.includes(permission) ?? false)

/** Whether the role allows it; the server decides, this only hides what it would refuse. */
export const may = (permission: string | undefined): boolean => mayIn(tenant, permission)

export const useReached = (): boolean => useSyncExternalStore(subscribe, () => isReached)

/** A place below /app/ to go on to, or none. */
export function safeNext(next: string | undefined): string | undefined {
  if (!next) return undefined
  const target = new URL(next, location.origin)
  const isOurs = target.origin === location.origin && target.pathname.startsWith('/app/')
  return isOurs ? target.pathname.slice('/app'.length) + target.search : undefined
}
