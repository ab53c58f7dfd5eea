import { demo } from './platform'
import { expect, signIn, tenant, test } from './fixture'

test('a member signs in, and a reload and a second tab stay signed in', async ({ page, context }) => {
  await page.goto('/')
  await expect(page).toHaveURL(/\/app\/sign-in/)
  await page.getByLabel('E-mail').fill(demo().tenant_admin.email)
  await page.getByLabel('Password').fill(demo().tenant_admin.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Leads', exact: true })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Leads', exact: true })).toBeVisible()

  const second = await context.newPage()
  await second.goto(`${tenant()}/tasks`)
  await expect(second.getByRole('heading', { name: 'Tasks', exact: true })).toBeVisible()
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
  )
  expect(kept).not.toContain('eyJ')
  expect(kept).not.toContain('lsc_')
})

test('a wrong password is refused in plain words', async ({ page }) => {
  await page.goto('/app/sign-in')
  await page.getByLabel('E-mail').fill(`${Date.now()}@example.com`)
  await page.getByLabel('Password').fill('not the right one')
  await page.getByRole('button', { name: 'Sign in' }).click()

  await expect(page.getByRole('alert')).toHaveText('The e-mail address or the password is wrong.')
})

test('a link is opened after signing in, and no other site is', async ({ page }) => {
  await page.goto(`${tenant()}/tasks?tab=all`)
  await page.getByLabel('E-mail').fill(demo().tenant_admin.email)
  await page.getByLabel('Password').fill(demo().tenant_admin.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/tasks\?tab=all/)

  await page.goto(`/app/sign-in?next=${encodeURIComponent('https://evil.example/app/')}`)
  await expect(page.getByRole('heading', { name: 'Leads', exact: true })).toBeVisible()
  expect(new URL(page.url()).origin).toBe(new URL(demo().base_url).origin)
})

test('twelve tabs at once all stay signed in', async ({ signedIn, context }) => {
  const tabs = await Promise.all(Array.from({ length: 11 }, () => context.newPage()))
  await Promise.all([signedIn, ...tabs].map((tab) => tab.goto(`${tenant()}/tasks`)))
  await Promise.all([signedIn, ...tabs].map((tab) => tab.reload()))
  for (const tab of [signedIn, ...tabs])
    await expect(tab.getByRole('heading', { name: 'Tasks', exact: true })).toBeVisible()
})

test('signing out ends the session in every tab', async ({ signedIn: page, context }) => {
  const second = await context.newPage()
  await second.goto(`${tenant()}/tasks`)
  await expect(second.getByRole('heading', { name: 'Tasks', exact: true })).toBeVisible()
  await page.goto(`${tenant()}/leads`)
  await page.getByTitle('Account and preferences').click()
  await page.getByRole('button', { name: 'Sign out' }).click()

  await expect(page.getByRole('heading', { name: 'Sign in to Leadstream' })).toBeVisible()
  await expect(second).toHaveURL(/sign-in/)
  await page.goto(`${tenant()}/leads`)
  await expect(page).toHaveURL(/sign-in/)
})

test('the theme and the language are kept', async ({ signedIn: page }) => {
  await page.goto(`${tenant()}/leads`)
  await page.getByTitle('Account and preferences').click()
  await page.getByLabel('Theme').selectOption('dark')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.getByLabel('Language').selectOption('de')
  await expect(page.getByRole('button', { name: 'Neuer Lead' })).toBeVisible()
  await page.reload()

  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.getByRole('button', { name: 'Neuer Lead' })).toBeVisible()
})

test('a page of another origin cannot use the session', async ({ page }) => {
  await signIn(page)
  const answer = await page.context().request.post('/api/v2/auth/session/refresh', {
    headers: { 'sec-fetch-site': 'cross-site' },
    data: {},
  })

  expect(answer.status()).toBe(403)
})
