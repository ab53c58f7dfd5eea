import { api } from './platform'
import { expect, tenant, test, toast, unique } from './fixture'

type Deal = { id: string; title: string; stage_id: string; status: string; lost_reason?: string }

const deal = (): Promise<Deal> =>
  api('POST', '/deals', { title: unique('Deal'), value: '100', currency: 'EUR' })
const read = (id: string): Promise<Deal> => api('GET', `/deals/${id}`)

test('a deal is moved by key, and the move is undone', async ({ signedIn: page }) => {
  const one = await deal()
  await page.goto(`${tenant()}/deals`)
  const card = page.locator('[data-card]', { hasText: one.title })
  await card.focus()
  await page.keyboard.press('Alt+ArrowRight')
  await expect(toast(page, `${one.title} moved`)).toBeVisible()
  await expect.poll(async () => (await read(one.id)).stage_id).not.toBe(one.stage_id)
  await expect(card).toBeFocused()

  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await read(one.id)).stage_id).toBe(one.stage_id)
})

test('a deal is moved by its menu', async ({ signedIn: page }) => {
  const one = await deal()
  await page.goto(`${tenant()}/deals`)
  await page.getByRole('button', { name: `Move to… ${one.title}` }).click()
  await page.getByRole('menuitem').nth(1).click()
  await expect.poll(async () => (await read(one.id)).stage_id).not.toBe(one.stage_id)
})

test('a deal is dragged to another stage', async ({ signedIn: page }) => {
  const one = await deal()
  await page.goto(`${tenant()}/deals`)
  const card = page.locator('[data-card]', { hasText: one.title })
  await card.dragTo(page.locator('[data-column]').nth(1))
  await expect.poll(async () => (await read(one.id)).stage_id).not.toBe(one.stage_id)
})

test('a move that is refused goes back, count and all', async ({ signedIn: page }) => {
  const one = await deal()
  await page.goto(`${tenant()}/deals`)
  await page.route(`**/api/v2/deals/${one.id}/move`, (route) =>
    route.fulfill({ status: 500, json: { detail: 'broken' } }),
  )
  const first = page.locator('[data-column]').first()
  const before = await first.locator('header').innerText()
  await page.locator('[data-card]', { hasText: one.title }).focus()
  await page.keyboard.press('Alt+ArrowRight')

  await expect(toast(page, 'broken')).toBeVisible()
  await expect(first.locator('[data-card]', { hasText: one.title })).toBeVisible()
  expect(await first.locator('header').innerText()).toBe(before)
})

test('a deal is lost with a reason, and won', async ({ signedIn: page }) => {
  const [lost, won] = [await deal(), await deal()]
  await page.goto(`${tenant()}/deals/${lost.id}`)
  await page.getByRole('button', { name: 'Lose', exact: true }).click()
  await page.getByLabel('Reason').fill('Too dear')
  await page.getByRole('dialog').getByRole('button', { name: 'Lose', exact: true }).click()
  await expect.poll(() => read(lost.id)).toMatchObject({ status: 'lost', lost_reason: 'Too dear' })

  await page.goto(`${tenant()}/deals/${won.id}`)
  await expect(page.getByRole('heading', { name: won.title })).toBeVisible()
  await page.keyboard.press('w')
  await expect.poll(async () => (await read(won.id)).status).toBe('won')
})

test('the list of deals has the same commands', async ({ signedIn: page }) => {
  const one = await deal()
  await page.goto(`${tenant()}/deals?layout=list&search=${one.title}`)
  await expect(page.getByRole('grid').getByText(one.title)).toBeVisible()
  await page.getByRole('grid').focus()
  await page.keyboard.press('w')
  await expect.poll(async () => (await read(one.id)).status).toBe('won')
})
