// Choice from a list that is narrowed by typing; the same for statuses, people, columns and commands.

import type { ReactNode, RefObject } from 'react'
import {
  Autocomplete,
  Dialog,
  Input,
  Menu,
  MenuItem,
  Popover,
  SearchField,
  useFilter,
} from 'react-aria-components'
import { Check } from 'lucide-react'

import { coreText } from '../text/core'
import type { Choice } from './picker'
import styles from './picker.module.css'

export function Picker({
  label,
  choices,
  chosen,
  multiple = false,
  anchor,
  onChoose,
  onClose,
}: {
  label: string
  choices: Choice[]
  chosen: readonly string[]
  multiple?: boolean
  anchor: RefObject<Element | null>
  onChoose: (chosen: string[]) => void
  onClose: () => void
}) {
  return (
    <Floating label={label} anchor={anchor} onClose={onClose}>
      <Choices
        label={label}
        choices={choices}
        chosen={chosen}
        onChoose={(id) => {
          if (!multiple) {
            onChoose([id])
            onClose()
          } else onChoose(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])
        }}
      />
    </Floating>
  )
}

/** Something beside its anchor; Escape and a press elsewhere close it. */
export function Floating({
  label,
  anchor,
  onClose,
  children,
}: {
  label: string
  anchor: RefObject<Element | null>
  onClose: () => void
  children: ReactNode
}) {
  return (
    <Popover
      className={styles.popover ?? ''}
      triggerRef={anchor}
      isOpen
      placement="bottom start"
      offset={4}
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <Dialog aria-label={label} className={styles.dialog ?? ''}>
        {children}
      </Dialog>
    </Popover>
  )
}

export function Choices({
  label,
  choices,
  chosen,
  onChoose,
}: {
  label: string
  choices: Choice[]
  chosen: readonly string[]
  onChoose: (id: string) => void
}) {
  const { contains } = useFilter({ sensitivity: 'base' })
  return (
    <Autocomplete filter={contains}>
      <SearchField aria-label={label} autoFocus className={styles.search ?? ''}>
        <Input className={styles.input ?? ''} placeholder={label} />
      </SearchField>
      {/* Focusable, because its items are not: they are reached from the field. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.scroller} role="group" aria-label={label} tabIndex={0}>
        <Menu
          aria-label={label}
          items={choices}
          className={styles.list ?? ''}
          onAction={(key) => onChoose(String(key))}
          renderEmptyState={() => <div className={styles.empty}>{coreText.text.nothingFits}</div>}
        >
          {(choice) => (
            <MenuItem id={choice.id} textValue={choice.label} className={styles.item ?? ''}>
              {choice.icon}
              <span className={styles.label}>{choice.label}</span>
              {choice.hint && <kbd className={styles.hint}>{choice.hint}</kbd>}
              {chosen.includes(choice.id) && (
                <Check className={styles.check} aria-label={coreText.text.chosen} />
              )}
            </MenuItem>
          )}
        </Menu>
      </div>
    </Autocomplete>
  )
}
