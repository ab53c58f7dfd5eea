// Reporter: a line for each test that fails, and in the end how many passed and failed.

import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter'

export default class Count implements Reporter {
  private passed = 0
  private failed = 0

  onTestEnd(test: TestCase, result: TestResult): void {
    const name = test.titlePath().slice(2).join(' › ')
    if (result.status === 'passed') {
      this.passed++
      console.log(`  ok  ${name} (${result.duration} ms)`)
    } else if (result.status !== 'skipped') {
      this.failed++
      console.log(`FAIL  ${name}\n${result.errors.map((error) => error.message ?? error.value).join('\n')}`)
    }
  }

  onError(error: { message?: string }): void {
    this.failed++
    console.log(error.message)
  }

  onEnd(): void {
    console.log(`\n${this.passed} passed, ${this.failed} failed`)
  }

  printsToStdio(): boolean {
    return true
  }
}
