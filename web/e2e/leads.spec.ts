import type { Page } from '@playwright/test'

import { api } from './platform'
import { expect, tenant, test, toast, unique } from './fixture'

type Lead = { id: string; version: number; status: string; company_name: string }

async function lead(more: Record<string, unknown> = {}): Promise<Lead & { last_name: string }> {
  const last = unique('Lovelace')
  return api('POST', '/leads', { first_name: 'Ada', last_name: last, email: `${last}@example.com`, ...more })
}

const read = (id: string): Promise<Lead> => api('GET', `/leads/${id}`)

async function list(page: Page, search: string): Promise<void> {
  await page.goto(`${tenant()}/leads?search=${search}`)
  await expect(page.getByRole('grid').getByText(search, { exact: true })).toBeVisible()
}

test('a lead is created by key, and faults stand at their fields', async ({ signedIn: page }) => {
  const last = unique('Hopper')
  await page.goto(`${tenant()}/leads`)
  await expect(page.getByRole('button', { name: 'New lead' })).toBeVisible()
  await page.keyboard.press('c')
  const form = page.getByRole('dialog')
  await form.getByLabel('Last name').fill(last)
  await form.getByLabel('E-mail').fill('no address')
  await form.getByRole('button', { name: 'Create' }).click()
  await expect(form.getByLabel('E-mail')).toHaveAttribute('aria-invalid', 'true')
  await form.getByLabel('E-mail').fill(`${last}@example.com`)
  await form.getByRole('button', { name: 'Create' }).click()

  await expect(page.getByRole('heading', { name: last })).toBeVisible()
  await expect(page).toHaveURL(/\/leads\/[0-9a-f-]{36}/)
})

test('a person who is known already is said to be, and is created only when asked for', async ({
  signedIn: page,
}) => {
  const known = await lead()
  await page.goto(`${tenant()}/leads`)
  await page.getByRole('button', { name: 'New lead' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Last name').fill('Another')
  await form.getByLabel('E-mail').fill(`${known.last_name}@example.com`)
  await form.getByRole('button', { name: 'Create' }).click()

  await expect(form.getByText('They may be known already:')).toBeVisible()
  await form.getByRole('button', { name: 'Create all the same' }).click()
  await expect(page.getByRole('heading', { name: 'Another' })).toBeVisible()
})

test('filters are in the address, and back restores them', async ({ signedIn: page }) => {
  const one = await lead({ status: 'contacted' })
  await list(page, one.last_name)
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('dialog').getByRole('searchbox').fill('Stat')
  await page.getByRole('menuitem', { name: 'Status' }).click()
  await page.getByRole('menuitem', { name: 'Contacted' }).click()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/status__in=contacted/)
  await expect(page.getByRole('button', { name: 'Status Contacted', exact: true })).toBeVisible()

  await page.getByRole('grid').getByText(one.last_name, { exact: true }).click()
  await expect(page.getByRole('heading', { name: one.last_name })).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('button', { name: 'Status Contacted', exact: true })).toBeVisible()
  await expect(page.getByRole('grid').getByText(one.last_name, { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Remove the filter Status Contacted' }).click()
  await expect(page).not.toHaveURL(/status__in/)
})

test('a heading orders the list', async ({ signedIn: page }) => {
  await page.goto(`${tenant()}/leads`)
  const heading = page.getByRole('columnheader', { name: 'Created' })
  await heading.getByRole('button').click()
  await expect(page).toHaveURL(/ordering=-created_at/)
  await expect(page).toHaveTitle('Leads · Leadstream')
  await expect(heading).toHaveAttribute('aria-sort', 'descending')
  await heading.getByRole('button').click()
  await expect(heading).toHaveAttribute('aria-sort', 'ascending')
})

test('a cell is edited in place, shown at once, and undone by key', async ({ signedIn: page }) => {
  const one = await lead({ company_name: 'Engines' })
  await list(page, one.last_name)
  await page.getByRole('gridcell', { name: 'Engines', exact: true }).dblclick()
  await page.getByLabel('Edit Company').fill('Analytical Engines')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('gridcell', { name: 'Analytical Engines' })).toBeVisible()
  await expect(toast(page, 'Company saved.')).toBeVisible()
  expect((await read(one.id)).company_name).toBe('Analytical Engines')

  await page.keyboard.press('Control+z')
  await expect(page.getByRole('gridcell', { name: 'Engines', exact: true })).toBeVisible()
  await expect.poll(async () => (await read(one.id)).company_name).toBe('Engines')
})

test('a change that others made meanwhile is shown beside one’s own', async ({ signedIn: page }) => {
  const one = await lead({ company_name: 'Engines' })
  await list(page, one.last_name)
  await api('PATCH', `/leads/${one.id}`, { company_name: 'Theirs' })
  await page.getByRole('gridcell', { name: 'Engines', exact: true }).dblclick()
  await page.getByLabel('Edit Company').fill('Mine')
  await page.keyboard.press('Enter')

  const dialog = page.getByRole('alertdialog')
  await expect(dialog.getByText('Theirs', { exact: true }).last()).toBeVisible()
  await dialog.getByRole('button', { name: 'Save mine' }).click()
  await expect.poll(async () => (await read(one.id)).company_name).toBe('Mine')
})

test('an edit that is refused goes back', async ({ signedIn: page }) => {
  const one = await lead({ company_name: 'Engines' })
  await list(page, one.last_name)
  await page.route(`**/api/v2/leads/${one.id}`, (route) =>
    route.request().method() === 'PATCH'
      ? route.fulfill({ status: 500, json: { detail: 'broken' } })
      : route.continue(),
  )
  await page.getByRole('gridcell', { name: 'Engines', exact: true }).dblclick()
  await page.getByLabel('Edit Company').fill('Mine')
  await page.keyboard.press('Enter')

  await expect(toast(page, 'broken')).toBeVisible()
  await expect(page.getByRole('gridcell', { name: 'Engines', exact: true })).toBeVisible()
})

test('the list is worked through by keyboard alone', async ({ signedIn: page }) => {
  const last = unique('Noether')
  for (const first of ['Ada', 'Emmy']) {
    await api('POST', '/leads', {
      first_name: first,
      last_name: last,
      email: `${unique(first)}@example.com`,
      score: first === 'Ada' ? 90 : 10,
    })
  }
  await page.goto(`${tenant()}/leads?search=${last}&ordering=first_name`)
  const grid = page.getByRole('grid')
  await expect(grid.getByRole('gridcell', { name: 'Emmy', exact: true })).toBeVisible()
  await grid.focus()
  await page.keyboard.press(' ')
  const panel = page.getByRole('complementary', { name: `Ada ${last}` })
  await expect(panel).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('complementary', { name: `Emmy ${last}` })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('complementary')).toHaveCount(0)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: `Emmy ${last}` })).toBeVisible()
  await page.keyboard.press('k')
  await expect(page.getByRole('heading', { name: `Ada ${last}` })).toBeVisible()
})

test('several leads get a status at once, and one key takes it back', async ({ signedIn: page }) => {
  const last = unique('Turing')
  const made: Lead[] = []
  for (const first of ['A', 'B', 'C']) {
    made.push(
      await api('POST', '/leads', {
        first_name: first,
        last_name: last,
        email: `${unique(first)}@example.com`,
      }),
    )
  }
  await page.goto(`${tenant()}/leads?search=${last}`)
  await expect(page.getByText('3 records')).toBeVisible()
  await page.getByRole('grid').focus()
  await page.keyboard.press('Control+a')
  await expect(page.getByRole('toolbar', { name: '3 selected' })).toBeVisible()
  await page.keyboard.press('s')
  await page.getByRole('menuitem', { name: 'Qualified', exact: true }).click()
  await expect(toast(page, '3 records changed.')).toBeVisible()
  for (const one of made) expect((await read(one.id)).status).toBe('qualified')

  await page.getByRole('button', { name: 'Undo' }).click()
  for (const one of made) await expect.poll(async () => (await read(one.id)).status).toBe('new')
})

test('a lead is assigned, deleted and restored', async ({ signedIn: page }) => {
  const one = await lead()
  await page.goto(`${tenant()}/leads/${one.id}`)
  await expect(page.getByRole('heading', { name: one.last_name })).toBeVisible()
  await page.keyboard.press('a')
  await page.getByRole('menuitem', { name: 'Demo Owner' }).click()
  await expect(toast(page, 'Assign')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Edit Assignee: Demo Owner' })).toBeVisible()

  await page.getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByRole('grid').or(page.getByText('Nothing'))).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(toast(page, 'Undone.')).toBeVisible()
  expect((await read(one.id)).id).toBe(one.id)
})

test('what happened and what is to be done hang on the lead', async ({ signedIn: page }) => {
  const one = await lead()
  await page.goto(`${tenant()}/leads/${one.id}`)
  await page.getByLabel('What happened?').fill('Met at the fair.')
  await page.getByRole('button', { name: 'Log' }).click()
  await expect(page.getByRole('region', { name: 'Timeline' }).getByText('Met at the fair.')).toBeVisible()

  await page.getByLabel('Add a task').fill('Send the offer')
  await page.getByRole('region', { name: 'Tasks' }).getByRole('button', { name: 'Create' }).click()
  const task = page.getByRole('checkbox', { name: 'Send the offer' })
  await task.click()
  await expect(task).toBeChecked()
})

test('a lead becomes a deal', async ({ signedIn: page }) => {
  const one = await lead({ company_name: unique('Engines') })
  await page.goto(`${tenant()}/leads/${one.id}`)
  await page.getByRole('button', { name: 'Convert to a deal' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Value').fill('1200')
  await form.getByRole('button', { name: 'Convert to a deal' }).click()

  await expect(page).toHaveURL(/\/deals\//)
  await expect(page.getByRole('heading', { name: one.company_name })).toBeVisible()
  expect((await read(one.id)).status).toBe('converted')
})

test('the palette and the sheet of keys show what can be done here', async ({ signedIn: page }) => {
  const one = await lead()
  await page.goto(`${tenant()}/leads/${one.id}`)
  await expect(page.getByRole('heading', { name: one.last_name })).toBeVisible()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog').getByText('Convert to a deal')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('menuitem', { name: 'Go to: Tasks' })).toBeVisible()
  await page.keyboard.type('Go to: Tasks')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/tasks/)
  await expect(page.getByRole('button', { name: 'New task' }).first()).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('l')
  await expect(page.getByRole('heading', { name: 'Leads', exact: true })).toBeVisible()
})

test('columns are chosen and remembered', async ({ signedIn: page }) => {
  await page.goto(`${tenant()}/leads`)
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('menuitem', { name: 'Phone' }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('columnheader', { name: 'Phone' })).toBeVisible()
  await page.goto(`${tenant()}/leads`)
  await expect(page.getByRole('columnheader', { name: 'Phone' })).toBeVisible()
})
