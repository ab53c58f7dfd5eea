import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/platform.ts',
  workers: 1,
  timeout: 30_000,
  expect: { timeout: 7_000 },
  reporter: [['./e2e/count.ts']],
  use: {
    baseURL: process.env.LEADSTREAM_URL ?? 'http://127.0.0.1:8000',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1280, height: 800 },
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    },
  },
})
