// German texts of signing in.

import type en from './messages.en'

export default {
  title: 'Bei Leadstream anmelden',
  email: 'E-Mail',
  password: 'Passwort',
  signIn: 'Anmelden',
  signingIn: 'Anmeldung läuft …',
  wrong: 'E-Mail-Adresse oder Passwort ist falsch.',
  code: 'Code',
  codeHelp: 'Aus Ihrer Authenticator-App, oder ein Wiederherstellungscode.',
  confirm: 'Bestätigen',
  secondFactor: 'Zweiter Faktor',
  forgot: 'Passwort vergessen?',
  forgotTitle: 'Passwort zurücksetzen',
  sendLink: 'Link senden',
  sent: 'Falls es ein Konto mit dieser Adresse gibt, ist ein Link unterwegs.',
  back: 'Zurück zur Anmeldung',
} satisfies typeof en
