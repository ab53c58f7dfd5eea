// Palette: every command that can be given now, found by typing, and the keys of all of them.

import { Dialog } from '../ui/dialog'
import { Choices } from '../ui/picker'
import { coreText } from '../text/core'
import { available, type Command } from './commands'
import { shown } from './keys'
import styles from './palette.module.css'

export function Palette({ onClose }: { onClose: () => void }) {
  const commands = available().filter(
    (command) => command.disabledReason === undefined && command.id !== 'palette',
  )
  return (
    <Dialog title={coreText.text.shell.palette} onClose={onClose}>
      <div className={styles.palette}>
        <Choices
          label={coreText.text.shell.palette}
          chosen={[]}
          choices={commands.map(({ id, name, icon, keys, group }) => ({
            id,
            label: group ? `${group}: ${name}` : name,
            icon,
            ...(keys ? { hint: shown(keys) } : {}),
          }))}
          onChoose={(id) => {
            onClose()
            // After the dialog has given the focus back.
            setTimeout(() => void commands.find((command) => command.id === id)?.run(), 0)
          }}
        />
      </div>
    </Dialog>
  )
}

function grouped(commands: Command[]): Map<string, Command[]> {
  const groups = new Map<string, Command[]>()
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command])
  return groups
}

export function CheatSheet({ onClose }: { onClose: () => void }) {
  const groups = grouped(available().filter((command) => command.keys !== undefined))
  return (
    <Dialog title={coreText.text.shell.keys} onClose={onClose} wide>
      <div className={styles.sheet}>
        {[...groups].map(([group, commands]) => (
          <section key={group}>
            <h2>{group}</h2>
            <dl className={styles.keys}>
              {commands.map((command) => (
                <div key={command.id} className={styles.key}>
                  <dt>{command.name}</dt>
                  <dd>
                    <kbd>{shown(command.keys ?? '')}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
