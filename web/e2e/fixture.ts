// Tests with a signed-in page, in which no policy is violated.

import { expect, type Page, test as base } from '@playwright/test'

import { baseUrl, demo } from './platform'

export { expect }
export const tenant = (): string => `/app/t/${demo().tenant.client_id}`
let count = 0

/** A name that no other test uses. */
export const unique = (word: string): string => `${word}${Date.now().toString(36)}${count++}`

export async function signIn(page: Page): Promise<void> {
  const answer = await page.context().request.post(`${baseUrl()}/api/v2/auth/session`, {
    headers: { 'sec-fetch-site': 'same-origin' },
    data: demo().tenant_admin,
  })
  expect(answer.status(), await answer.text()).toBe(200)
}

const PREPARE = () => {
  const violations: string[] = []
  ;(globalThis as unknown as { violations: string[] }).violations = violations
  document.addEventListener('securitypolicyviolation', (event) => {
    violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`)
  })
}

/** A page that has not signed in. */
export const test = base.extend<{ signedIn: Page }>({
  page: async ({ page }, run) => {
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    await page.addInitScript(PREPARE)
    await run(page)
    const violations = await page.evaluate(
      () => (globalThis as unknown as { violations?: string[] }).violations ?? [],
    )
    expect(violations, 'violations of the content security policy').toEqual([])
    expect(errors, 'errors in the page').toEqual([])
  },
  signedIn: async ({ page }, run) => {
    await signIn(page)
    await run(page)
  },
})

export const toast = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text })
