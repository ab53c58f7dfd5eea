// @vitest-environment node
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** The texts that a module of React Aria puts into a style element, with its constants filled in. */
function injected(module: string): string[] {
  const source = readFileSync(`node_modules/react-aria/dist/private/${module}.mjs`, 'utf8')
  const filled = (text: string): string =>
    text.replace(/\$\{([\w$]+)\}/g, (_, name: string) => {
      const value = source.split('\n').find((line) => line.startsWith(`const ${name} = '`))
      return value?.split("'")[1] ?? ''
    })
  return [...source.matchAll(/style\.textContent = `([^`]*)`\.trim\(\)/g)].map(([, text]) =>
    filled(text ?? '').trim(),
  )
}

test('the policy of the gateway allows exactly the styles that React Aria injects', () => {
  const texts = [...injected('interactions/usePress'), ...injected('overlays/usePreventScroll')]
  const hashes = texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)

  const policy = readFileSync('../gateway/src/builtin/app/policy.rs', 'utf8')
  const allowed = policy.match(/'sha256-[^']+'/g)

  expect(texts).toHaveLength(2)
  expect(allowed).toEqual(hashes)
})
