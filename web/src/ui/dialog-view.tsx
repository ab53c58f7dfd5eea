// Dialogs: focus stays inside, Escape closes, the title names them.

import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { X } from 'lucide-react'

import { coreText } from '../text/core'
import { Button } from './button'
import styles from './dialog.module.css'

export function Dialog({
  title,
  onClose,
  children,
  wide = false,
  urgent = false,
}: {
  title: string
  onClose: () => void
  children: ReactNode
  wide?: boolean
  urgent?: boolean
}) {
  return (
    <ModalOverlay
      className={styles.overlay ?? ''}
      isOpen
      isDismissable={!urgent}
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <Modal className={`${styles.modal} ${wide ? styles.wide : ''}`}>
        <AriaDialog className={styles.dialog ?? ''} role={urgent ? 'alertdialog' : 'dialog'}>
          <header className={styles.head}>
            <Heading slot="title" className={styles.title ?? ''}>
              {title}
            </Heading>
            <Button kind="quiet" iconOnly icon={<X />} onClick={onClose}>
              {coreText.text.close}
            </Button>
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
