import { api } from './platform'
import { expect, tenant, test, toast, unique } from './fixture'

test('a task is made, done by key, and reopened by undo', async ({ signedIn: page }) => {
  const title = unique('Call back')
  await page.goto(`${tenant()}/tasks`)
  await page.getByRole('button', { name: 'New task' }).click()
  await page.getByRole('dialog').getByLabel('Title').fill(title)
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
  await page.goto(`${tenant()}/tasks?tab=mine&search=${encodeURIComponent(title)}`)
  await expect(page.getByRole('grid').getByText(title)).toBeVisible()
  await page.getByRole('grid').focus()
  await page.keyboard.press('d')
  await expect(toast(page, `Done: ${title}`)).toBeVisible()
  await expect(page.getByRole('grid')).toHaveCount(0)

  await page.keyboard.press('Control+z')
  await expect(page.getByRole('grid').getByText(title)).toBeVisible()
})

test('an overdue task is found under its tab', async ({ signedIn: page }) => {
  const title = unique('Overdue')
  await api('POST', '/tasks', { title, due_at: '2020-01-01T10:00:00Z' })
  await page.goto(`${tenant()}/tasks`)
  await page.getByRole('link', { name: 'Overdue' }).click()
  await expect(page.getByRole('grid').getByText(title)).toBeVisible()
})

test('an account is made and shows its people', async ({ signedIn: page }) => {
  const name = unique('Engines')
  await page.goto(`${tenant()}/accounts`)
  await page.getByRole('button', { name: 'New account' }).first().click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Name').fill(name)
  await form.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('heading', { name })).toBeVisible()
  const id = page.url().split('/').pop()?.split('?')[0]
  await api('POST', '/leads', {
    first_name: 'Grace',
    last_name: 'Hopper',
    email: `${name}@example.com`,
    account_id: id,
  })
  await page.reload()
  await page.getByRole('region', { name: 'People' }).getByRole('link', { name: 'Grace Hopper' }).click()
  await expect(page.getByRole('heading', { name: 'Grace Hopper' })).toBeVisible()
})

test('a file is previewed, mapped, checked, imported and taken back', async ({ signedIn: page }) => {
  const last = unique('Imported')
  const csv = `Vorname,Nachname,E-Mail,Etwas\nAda,${last},${last}1@example.com,x\nEmmy,${last},${last}2@example.com,y\n`
  await page.goto(`${tenant()}/imports`)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a file' }).click()
  await (await chooser).setFiles({ name: `${last}.csv`, mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await expect(page.getByLabel('Becomes: E-Mail')).toHaveValue('email')
  await page.getByLabel('Becomes: Etwas').selectOption('role_title')
  await expect(page.getByLabel('Becomes: Etwas')).toHaveValue('role_title')
  await page.getByRole('button', { name: 'Check first' }).click()
  await expect(page.getByText('Checked')).toBeVisible({ timeout: 20_000 })
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByText(/^Done/)).toBeVisible({ timeout: 20_000 })
  await expect(page.getByRole('cell', { name: 'Created' }).first()).toBeVisible()
  const found = await api<{ count: number }>('GET', `/leads?search=${last}`)
  expect(found.count).toBe(2)

  await page.getByRole('button', { name: 'Undo this import' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Undo this import' }).click()
  await expect(page.getByText('Undone', { exact: true })).toBeVisible({ timeout: 20_000 })
})

test('an API key is shown once, rotated and revoked', async ({ signedIn: page }) => {
  const name = unique('Form')
  await page.goto(`${tenant()}/api-keys`)
  await page.getByRole('button', { name: 'New API key' }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Allowed origins').fill('https://www.example.com')
  await page.getByRole('button', { name: 'Create' }).click()
  const first = await page.locator('code[aria-label=Key]').innerText()
  expect(first.length).toBeGreaterThan(20)
  await page.getByRole('alertdialog').getByRole('button', { name: 'Close' }).last().click()
  await page.getByRole('button', { name: `Rotate: ${name}` }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Rotate' }).click()
  await expect(page.locator('code[aria-label=Key]')).not.toHaveText(first)
  await page.getByRole('alertdialog').getByRole('button', { name: 'Close' }).last().click()
  await page.getByRole('button', { name: `Revoke: ${name}` }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(page.getByRole('row', { name: new RegExp(name) }).getByText('Revoked')).toBeVisible()
})

test('a member is invited with a link that is shown once, and the invitation is revoked', async ({
  signedIn: page,
}) => {
  const email = `${unique('new').toLowerCase()}@example.com`
  await page.goto(`${tenant()}/members`)
  await expect(page.getByRole('cell', { name: 'Demo Owner' })).toBeVisible()
  await page.getByRole('button', { name: 'Invite' }).click()
  await page.getByRole('dialog').getByLabel('E-mail').fill(email)
  await page.getByRole('dialog').getByRole('button', { name: 'Invite' }).click()
  await expect(page.locator('code[aria-label=Link]')).toContainText('token=')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Close' }).last().click()
  await page.getByRole('button', { name: `Revoke: ${email}` }).click()
  await expect(page.getByRole('cell', { name: email })).toHaveCount(0)
})

test('the matrix says what each role may do', async ({ signedIn: page }) => {
  await page.goto(`${tenant()}/roles`)
  await page.getByLabel('Find a permission').fill('leads:assign')
  await expect(page.getByRole('cell', { name: 'leads:assign' })).toBeVisible()
  await expect(page.getByRole('img', { name: 'allowed' }).first()).toBeVisible()
})
