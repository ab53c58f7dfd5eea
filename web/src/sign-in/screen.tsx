// Sign-in: a password, where it is asked for a second factor, and the way back for a forgotten password.

import { type FormEvent, useState } from 'react'
import { useNavigate, useSearch } from '@tanstack/react-router'

import { call } from '../api/call'
import { requestPasswordReset } from '../api/generated/auth'
import { Problem } from '../api/problem'
import { answerChallenge, safeNext, signIn } from '../session/session'
import { Button } from '../ui/button'
import { FormError, TextField } from '../ui/field'
import { explain } from '../ui/states'
import { signInText } from './messages'
import styles from './screen.module.css'

type Step = { at: 'password' } | { at: 'code'; challenge: string } | { at: 'forgot' } | { at: 'sent' }

export function SignInScreen() {
  const navigate = useNavigate()
  const { next } = useSearch({ strict: false }) as { next?: string }
  const [step, setStep] = useState<Step>({ at: 'password' })
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  const t = signInText.text

  const send = (work: (data: FormData) => Promise<void>) => async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    setBusy(true)
    setError(undefined)
    try {
      await work(data)
    } catch (refusal) {
      const challenge = refusal instanceof Problem ? refusal.body.challenge_token : undefined
      if (typeof challenge === 'string') setStep({ at: 'code', challenge })
      else
        setError(
          refusal instanceof Problem && refusal.code === 'invalid_credentials' ? t.wrong : explain(refusal),
        )
    } finally {
      setBusy(false)
    }
  }
  const enter = (): void => void navigate({ href: safeNext(next) ?? '/', replace: true })
  const goTo = (at: Step): void => {
    setError(undefined)
    setStep(at)
  }

  return (
    <main className={styles.page}>
      <div className={styles.box}>
        <img src="/app/icon.svg" alt="" width="32" height="32" />
        <h1>{step.at === 'code' ? t.secondFactor : step.at === 'password' ? t.title : t.forgotTitle}</h1>
        {error && <FormError>{error}</FormError>}
        {step.at === 'password' && (
          <form
            className={styles.form}
            onSubmit={(event) =>
              void send(async (data) => {
                await signIn(String(data.get('email')), String(data.get('password')))
                enter()
              })(event)
            }
          >
            <TextField label={t.email} name="email" type="email" autoComplete="username" required autoFocus />
            <TextField
              label={t.password}
              name="password"
              type="password"
              autoComplete="current-password"
              required
            />
            <Button type="submit" kind="primary" disabled={isBusy}>
              {isBusy ? t.signingIn : t.signIn}
            </Button>
            <Button kind="quiet" onClick={() => goTo({ at: 'forgot' })}>
              {t.forgot}
            </Button>
          </form>
        )}
        {step.at === 'code' && (
          <form
            className={styles.form}
            onSubmit={(event) =>
              void send(async (data) => {
                await answerChallenge(step.challenge, String(data.get('code')).trim())
                enter()
              })(event)
            }
          >
            <TextField
              label={t.code}
              name="code"
              help={t.codeHelp}
              autoComplete="one-time-code"
              required
              autoFocus
            />
            <Button type="submit" kind="primary" disabled={isBusy}>
              {t.confirm}
            </Button>
            <Button kind="quiet" onClick={() => goTo({ at: 'password' })}>
              {t.back}
            </Button>
          </form>
        )}
        {step.at === 'forgot' && (
          <form
            className={styles.form}
            onSubmit={(event) =>
              void send(async (data) => {
                await call(requestPasswordReset, { body: { email: String(data.get('email')) } })
                setStep({ at: 'sent' })
              })(event)
            }
          >
            <TextField label={t.email} name="email" type="email" autoComplete="username" required autoFocus />
            <Button type="submit" kind="primary" disabled={isBusy}>
              {t.sendLink}
            </Button>
            <Button kind="quiet" onClick={() => goTo({ at: 'password' })}>
              {t.back}
            </Button>
          </form>
        )}
        {step.at === 'sent' && (
          <div className={styles.form}>
            <p role="status">{t.sent}</p>
            <Button onClick={() => goTo({ at: 'password' })}>{t.back}</Button>
          </div>
        )}
      </div>
    </main>
  )
}
