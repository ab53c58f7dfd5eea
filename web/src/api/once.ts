// Idempotency keys: one for each thing the person asks for, however often it is sent.

/** Random, also where the page is not a secure context and `crypto.randomUUID` is missing. */
export function onceKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
