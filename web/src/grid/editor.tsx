// Editor of the focused cell: Enter and Tab save and move on, Escape leaves the value as it was.

import { type RefObject, useEffect, useRef } from 'react'

import { Picker } from '../ui/picker'
import type { Editor } from './column'
import styles from './grid.module.css'

export type Step = 'down' | 'right' | 'stay'

export function CellEditor({
  editor,
  label,
  value,
  anchor,
  onDone,
}: {
  editor: Editor
  label: string
  value: string
  anchor: RefObject<Element | null>
  onDone: (value: string | undefined, step: Step) => void
}) {
  if (editor.kind === 'choice') {
    return (
      <Picker
        label={label}
        choices={editor.choices()}
        chosen={[value]}
        anchor={anchor}
        onChoose={([chosen]) => onDone(chosen, 'stay')}
        onClose={() => onDone(undefined, 'stay')}
      />
    )
  }
  return <TextEditor {...{ editor, label, value, onDone }} />
}

function TextEditor({
  editor,
  label,
  value,
  onDone,
}: {
  editor: Extract<Editor, { kind: 'text' }>
  label: string
  value: string
  onDone: (value: string | undefined, step: Step) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const isOver = useRef(false)
  const done = (next: string | undefined, step: Step): void => {
    if (isOver.current) return
    isOver.current = true
    onDone(next === value ? undefined : next, step)
  }
  useEffect(() => {
    input.current?.focus()
    input.current?.select()
  }, [])
  return (
    <input
      ref={input}
      className={styles.input}
      aria-label={label}
      type={editor.input === 'date' ? 'date' : 'text'}
      inputMode={editor.input === 'number' ? 'decimal' : editor.input === 'date' ? undefined : editor.input}
      maxLength={editor.maxLength}
      defaultValue={value}
      onBlur={(event) => done(event.currentTarget.value, 'stay')}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter') done(event.currentTarget.value, 'down')
        else if (event.key === 'Tab') {
          event.preventDefault()
          done(event.currentTarget.value, 'right')
        } else if (event.key === 'Escape') done(undefined, 'stay')
      }}
    />
  )
}
