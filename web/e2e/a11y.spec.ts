import { readFileSync } from 'node:fs'

import type { Page } from '@playwright/test'

import { api } from './platform'
import { expect, tenant, test } from './fixture'

const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

type Violation = { id: string; impact: string; nodes: Array<{ target: string[]; failureSummary: string }> }

async function faults(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }
    return (await axe.run()).violations
  })
  return violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .flatMap((one) => one.nodes.map((node) => `${one.id} ${node.target.join(' ')} ${node.failureSummary}`))
}

const LISTS = [
  'leads',
  'deals',
  'deals?layout=list',
  'tasks',
  'accounts',
  'imports',
  'api-keys',
  'members',
  'roles',
]

async function routes(): Promise<string[]> {
  const first = async (noun: string): Promise<string[]> => {
    const list = await api<{ results: Array<{ id: string }> }>('GET', `/${noun}?page_size=1`)
    return list.results.map((one) => `${noun}/${one.id}`)
  }
  const records = await Promise.all(['leads', 'deals', 'tasks', 'accounts', 'imports'].map(first))
  return [...LISTS, ...records.flat()]
}

for (const theme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test(`every route in ${theme} at ${width} px has no serious fault, no violation, and fits`, async ({
      signedIn: page,
    }) => {
      test.setTimeout(120_000)
      await page.setViewportSize({ width, height: 800 })
      await page.addInitScript(
        (theme) => localStorage.setItem('leadstream.preferences', JSON.stringify({ theme })),
        theme,
      )
      const found: string[] = []
      for (const route of await routes()) {
        await page.goto(`${tenant()}/${route}`)
        await expect(page.getByRole('heading').first()).toBeVisible()
        await page.waitForLoadState('networkidle')
        found.push(...(await faults(page)).map((fault) => `${route}: ${fault}`))
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        if (overflow > 0) found.push(`${route}: ${overflow} px wider than the screen`)
      }
      expect(found).toEqual([])
    })

    test(`sign-in in ${theme} at ${width} px has no serious fault`, async ({ page }) => {
      await page.setViewportSize({ width, height: 800 })
      await page.addInitScript(
        (theme) => localStorage.setItem('leadstream.preferences', JSON.stringify({ theme })),
        theme,
      )
      await page.goto('/app/sign-in')
      await expect(page.getByLabel('E-mail')).toBeVisible()
      expect(await faults(page)).toEqual([])
    })
  }
}

test('dialogs, the palette, the panel and the menu have no serious fault', async ({ signedIn: page }) => {
  // A new platform has no leads, and a list without any has no grid.
  await api('POST', '/leads', { first_name: 'Ada', last_name: `Lovelace ${Date.now()}` })
  await page.goto(`${tenant()}/leads`)
  await expect(page.getByRole('grid')).toBeVisible()
  const found: string[] = []
  for (const keys of ['c', '?', 'Control+k']) {
    await page.keyboard.press(keys)
    await expect(page.getByRole('dialog')).toBeVisible()
    found.push(...(await faults(page)).map((fault) => `${keys}: ${fault}`))
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  await page.getByRole('grid').focus()
  await page.keyboard.press(' ')
  await expect(page.getByRole('complementary')).toBeVisible()
  found.push(...(await faults(page)).map((fault) => `panel: ${fault}`))
  expect(found).toEqual([])
})

test('the work goes on at 390 px', async ({ signedIn: page }) => {
  await page.setViewportSize({ width: 390, height: 800 })
  await page.goto(`${tenant()}/leads`)
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('link', { name: 'Tasks' }).click()
  await expect(page.getByRole('heading', { name: 'Tasks', exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'New task' }).first()).toBeVisible()
})
