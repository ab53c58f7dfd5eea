// The platform under test: the one of `cargo xtask up`, or the one that LEADSTREAM_URL and LEADSTREAM_DEMO name.

import { readFileSync } from 'node:fs'

type Demo = {
  base_url: string
  tenant: { id: string; client_id: string }
  tenant_admin: { email: string; password: string }
  api_key: string
}

const file = process.env.LEADSTREAM_DEMO ?? new URL('../../.dev/demo.json', import.meta.url).pathname

export function demo(): Demo {
  return JSON.parse(readFileSync(file, 'utf8')) as Demo
}

export const baseUrl = (): string => process.env.LEADSTREAM_URL ?? demo().base_url

let token: string | undefined

/** A request to the API as the demo's admin, to arrange what a test needs. */
export async function api<T = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  if (!token) {
    const { email, password } = demo().tenant_admin
    const answer = await fetch(`${baseUrl()}/api/v2/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    })
    token = ((await answer.json()) as { access_token: string }).access_token
  }
  const answer = await fetch(`${baseUrl()}/api/v2${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'x-tenant-id': demo().tenant.client_id,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return (text ? JSON.parse(text) : undefined) as T
}

export default async function platform(): Promise<void> {
  const answer = await fetch(`${baseUrl()}/app/`).catch(() => undefined)
  if (!answer?.ok)
    throw new Error(`the web app is not served at ${baseUrl()}/app/; start it: cargo xtask up --detach`)
}
