// English texts of signing in.

export default {
  title: 'Sign in to Leadstream',
  email: 'E-mail',
  password: 'Password',
  signIn: 'Sign in',
  signingIn: 'Signing in…',
  wrong: 'The e-mail address or the password is wrong.',
  code: 'Code',
  codeHelp: 'From your authenticator app, or a recovery code.',
  confirm: 'Confirm',
  secondFactor: 'Second factor',
  forgot: 'Forgot the password?',
  forgotTitle: 'Reset the password',
  sendLink: 'Send a link',
  sent: 'If there is an account with this address, a link is on its way.',
  back: 'Back to sign-in',
}
