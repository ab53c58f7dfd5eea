// Commands that can be given now: each is declared once and gives button, menu, palette entry and key.

import { type ReactNode, useEffect, useRef } from 'react'

import { may } from '../session/session'

export type Command = {
  id: string
  name: string
  group: string
  icon?: ReactNode
  /** A key such as `c`, a sequence such as `g l`, or with the platform's modifier, `mod+k`. */
  keys?: string
  permission?: string | undefined
  /** Why it cannot be given now. */
  disabledReason?: string | undefined
  run(): void | Promise<void>
}

const scopes = new Map<symbol, () => Command[]>()

/** Offers commands while the component is on the screen. */
export function useCommands(commands: Command[]): void {
  const latest = useRef(commands)
  useEffect(() => {
    latest.current = commands
  })
  useEffect(() => {
    const scope = Symbol('commands')
    scopes.set(scope, () => latest.current)
    return () => {
      scopes.delete(scope)
    }
  }, [])
}

/** Those that the role may give; of two with one id or one key, the one offered last. */
export function available(isAllowed: (permission: string | undefined) => boolean = may): Command[] {
  const byId = new Map<string, Command>()
  for (const commands of scopes.values()) {
    for (const command of commands()) if (isAllowed(command.permission)) byId.set(command.id, command)
  }
  return [...byId.values()]
}
