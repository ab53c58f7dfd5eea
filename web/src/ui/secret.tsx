// A text that is shown once, to be copied.

import { useState } from 'react'
import { Copy } from 'lucide-react'

import { coreText } from '../text/core'
import { Button } from './button'
import styles from './secret.module.css'
import { toast } from './toast'

export function Secret({ label, value }: { label: string; value: string }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value)
      setCopied(true)
    } catch {
      toast(coreText.text.copyByHand, undefined, 'bad')
    }
  }
  return (
    <div className={styles.secret}>
      <code aria-label={label}>{value}</code>
      <Button icon={<Copy />} onClick={() => void copy()}>
        {isCopied ? coreText.text.copied : coreText.text.copy}
      </Button>
    </div>
  )
}
