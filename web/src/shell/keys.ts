// Keys: one listener for the page turns presses into commands, sequences included.

import { available, type Command } from './commands'

const SEQUENCE_WITHIN_MS = 900

/** The name of a press, as commands write it; none for a modifier alone. */
export function nameOf(press: {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey?: boolean
}): string | undefined {
  if (['Control', 'Meta', 'Alt', 'Shift', 'Dead'].includes(press.key)) return undefined
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key
  const parts = [press.ctrlKey || press.metaKey ? 'mod' : '', press.altKey ? 'alt' : '']
  if (press.shiftKey && press.key.length > 1) parts.push('shift')
  return [...parts.filter(Boolean), key].join('+')
}

/** The command of a press after `pending`, and whether more may follow. */
export function match(
  commands: readonly Command[],
  pending: string,
  pressed: string,
): { command?: Command | undefined; pending: string } {
  const sequence = pending ? `${pending} ${pressed}` : pressed
  const command = commands.findLast((one) => one.keys === sequence)
  if (command) return { command, pending: '' }
  if (commands.some((one) => one.keys?.startsWith(`${sequence} `))) return { pending: sequence }
  return pending ? match(commands, '', pressed) : { pending: '' }
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

export function listenToKeys(): () => void {
  let pending = ''
  let pressedAt = 0
  const onKey = (press: KeyboardEvent): void => {
    if (press.defaultPrevented || press.isComposing) return
    const pressed = nameOf(press)
    if (!pressed) return
    const isPlain = !pressed.startsWith('mod+')
    const isInDialog = document.querySelector('[role=dialog],[role=alertdialog],[data-opening]') !== null
    if (isPlain && (isTyping(press.target) || isInDialog)) return
    if (press.timeStamp - pressedAt > SEQUENCE_WITHIN_MS) pending = ''
    pressedAt = press.timeStamp
    const found = match(available(), pending, pressed)
    pending = found.pending
    if (!found.command) return
    if (!isPlain && isTyping(press.target) && pressed !== 'mod+k') return
    press.preventDefault()
    if (found.command.disabledReason === undefined) void found.command.run()
  }
  document.addEventListener('keydown', onKey)
  return () => document.removeEventListener('keydown', onKey)
}

const isMac = navigator.platform.startsWith('Mac')

/** A key as it is printed on the keyboard. */
export const shown = (keys: string): string =>
  keys
    .split(' ')
    .map((press) =>
      press
        .replace('mod+', isMac ? '⌘' : 'Ctrl+')
        .replace('alt+', isMac ? '⌥' : 'Alt+')
        .replace(/(^|\+)([a-z])$/, (_, before: string, key: string) => before + key.toUpperCase()),
    )
    .join(' ')
