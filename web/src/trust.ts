// Trusted Types: no text becomes markup or script in this app. React Aria empties an element with an empty text.

type Policies = { createPolicy(name: string, rules: Record<string, (text: string) => string>): unknown }

const refuse = (text: string): never => {
  throw new TypeError(`refused as markup or script: ${text.slice(0, 40)}`)
}

export function trustNothing(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: Policies }
  trustedTypes?.createPolicy('default', {
    createHTML: (text) => (text === '' ? '' : refuse(text)),
    createScript: refuse,
    createScriptURL: refuse,
  })
}
