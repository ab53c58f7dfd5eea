// Typed client, generated from openapi/ by `npm run api`. Do not edit.
// tidy: long because it is generated.
import type { ListOf, ListQuery, Operation } from '../operation'
import type * as S from './auth.schema'
/** Get the keys that verify access tokens. */
export const getJwks: Operation<never, undefined, undefined, S.KeySet> = { method: 'GET', path: '/.well-known/jwks.json' }
/** Get an access and a refresh token. */
export const obtainTokenPair: Operation<never, undefined, S.SimpleLogin, S.SimpleTokensView> = { method: 'POST', path: '/api/token' }
/** Revoke a refresh token. */
export const blacklistToken: Operation<never, undefined, S.SimpleRefresh, Record<string, unknown>> = { method: 'POST', path: '/api/token/blacklist' }
/** Refresh an access token. */
export const refreshTokenPair: Operation<never, undefined, S.SimpleRefresh, S.SimpleTokensView> = { method: 'POST', path: '/api/token/refresh' }
/** Resend the verification e-mail. */
export const resendVerificationEmail: Operation<never, undefined, S.NameAddress, S.OnItsWayView> = { method: 'POST', path: '/api/v2/auth/email/resend' }
/** Verify an e-mail address. */
export const verifyEmail: Operation<never, undefined, S.PresentToken, S.VerifiedView> = { method: 'POST', path: '/api/v2/auth/email/verify' }
/** Sign in with Firebase or another identity provider. */
export const signInWithIdentityProvider: Operation<never, undefined, S.PresentIdToken, S.LoginView> = { method: 'POST', path: '/api/v2/auth/firebase' }
/** Check that the API can be reached. */
export const hello: Operation<never, undefined, undefined, S.Greeting> = { method: 'GET', path: '/api/v2/auth/hello' }
/** Check that the access token is accepted. */
export const helloWithAuth: Operation<never, undefined, undefined, S.Greeting> = { method: 'GET', path: '/api/v2/auth/hello_with_auth' }
/** Sign in. */
export const login: Operation<never, undefined, S.Login, S.LoginView> = { method: 'POST', path: '/api/v2/auth/login' }
/** Complete a sign-in with a second factor. */
export const loginWithSecondFactor: Operation<never, undefined, S.AnswerChallenge, S.LoginView> = { method: 'POST', path: '/api/v2/auth/login/second-factor' }
/** Sign out. */
export const logout: Operation<never, undefined, S.PresentRefreshToken, undefined> = { method: 'POST', path: '/api/v2/auth/logout' }
/** Sign out everywhere. */
export const logoutAll: Operation<never, undefined, undefined, undefined> = { method: 'POST', path: '/api/v2/auth/logout_all' }
/** Get the current user. */
export const getCurrentUser: Operation<never, undefined, undefined, S.MeView> = { method: 'GET', path: '/api/v2/auth/me' }
/** Update the current user. */
export const updateCurrentUser: Operation<never, undefined, S.WriteMePatch, S.MeView> = { method: 'PATCH', path: '/api/v2/auth/me' }
/** Change the password. */
export const changePassword: Operation<never, undefined, S.ChangePassword, undefined> = { method: 'POST', path: '/api/v2/auth/password/change' }
/** Request a password reset. */
export const requestPasswordReset: Operation<never, undefined, S.NameAddress, S.OnItsWayView> = { method: 'POST', path: '/api/v2/auth/password/forgot' }
/** Reset the password. */
export const resetPassword: Operation<never, undefined, S.ResetPassword, undefined> = { method: 'POST', path: '/api/v2/auth/password/reset' }
/** Refresh an access token. */
export const refresh: Operation<never, undefined, S.PresentRefreshToken, S.TokensView> = { method: 'POST', path: '/api/v2/auth/refresh' }
/** Register a user. */
export const register: Operation<never, undefined, S.Register, S.RegisteredView> = { method: 'POST', path: '/api/v2/auth/register' }
/** Get the state of two-factor authentication. */
export const getSecondFactor: Operation<never, undefined, undefined, S.SecondFactorView> = { method: 'GET', path: '/api/v2/auth/second-factor' }
/** Enable two-factor authentication. */
export const confirmSecondFactor: Operation<never, undefined, S.GiveCode, S.RecoveryCodesView> = { method: 'POST', path: '/api/v2/auth/second-factor/confirm' }
/** Disable two-factor authentication. */
export const disableSecondFactor: Operation<never, undefined, S.GiveCode, undefined> = { method: 'POST', path: '/api/v2/auth/second-factor/disable' }
/** Start setting up two-factor authentication. */
export const enrolSecondFactor: Operation<never, undefined, S.GivePassword, S.EnrolmentView> = { method: 'POST', path: '/api/v2/auth/second-factor/enrol' }
/** Regenerate the recovery codes. */
export const regenerateRecoveryCodes: Operation<never, undefined, S.GiveCode, S.RecoveryCodesView> = { method: 'POST', path: '/api/v2/auth/second-factor/recovery-codes' }
export const listOwnSecurityEventsListing = { filters: { id: ['eq', 'in', 'isnull'], user_id: ['eq', 'in', 'isnull'], action: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], entity_type: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], entity_id: ['eq', 'in', 'isnull'], actor_kind: ['eq', 'in', 'isnull'], actor_id: ['eq', 'in', 'isnull'], request_id: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], client_address: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], occurred_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'user_id', 'action', 'entity_type', 'entity_id', 'actor_kind', 'actor_id', 'request_id', 'client_address', 'occurred_at'], fields: ['action', 'actor_id', 'actor_kind', 'client_address', 'details', 'entity_id', 'entity_type', 'id', 'occurred_at', 'request_id', 'user_id'] } as const
/** List the current user's security events. */
export const listOwnSecurityEvents: Operation<never, ListQuery<typeof listOwnSecurityEventsListing>, undefined, ListOf<S.SecurityEventView>> = { method: 'GET', path: '/api/v2/auth/security-events' }
/** End a browser's session. */
export const endBrowserSession: Operation<never, undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/auth/session' }
/** Sign in as a browser. */
export const beginSession: Operation<never, undefined, S.Login, S.BegunView> = { method: 'POST', path: '/api/v2/auth/session' }
/** Continue a browser's session. */
export const refreshSession: Operation<never, undefined, Record<string, unknown>, S.GrantView> = { method: 'POST', path: '/api/v2/auth/session/refresh' }
/** Complete a browser's sign-in with a second factor. */
export const completeSession: Operation<never, undefined, S.AnswerChallenge, S.BegunView> = { method: 'POST', path: '/api/v2/auth/session/second-factor' }
export const listSessionsListing = { filters: { id: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], last_used_at: ['eq', 'in', 'gte', 'lte', 'isnull'], user_agent: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], ip: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'] }, orderings: ['id', 'created_at', 'last_used_at', 'user_agent', 'ip'], fields: ['created_at', 'current', 'id', 'ip', 'last_used_at', 'user_agent'] } as const
/** List the current user's sessions. */
export const listSessions: Operation<never, ListQuery<typeof listSessionsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.SessionView> }> = { method: 'GET', path: '/api/v2/auth/sessions' }
/** End a session. */
export const endSession: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/auth/sessions/{id}' }
/** Get the current customer's profile. */
export const getCustomerProfile: Operation<never, undefined, undefined, S.ProfileView> = { method: 'GET', path: '/api/v2/customer/profile' }
/** Update the current customer's profile. */
export const updateCustomerProfile: Operation<never, undefined, S.WriteProfilePatch, S.ProfileView> = { method: 'PATCH', path: '/api/v2/customer/profile' }
/** Delete the profile picture. */
export const deleteCustomerPicture: Operation<never, undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/customer/profile/picture' }
/** Get the profile picture. */
export const getCustomerPicture: Operation<never, undefined, undefined, Blob> = { method: 'GET', path: '/api/v2/customer/profile/picture' }
/** Upload a profile picture. */
export const uploadCustomerPicture: Operation<never, undefined, FormData, S.ProfileView> = { method: 'PUT', path: '/api/v2/customer/profile/picture' }
export const listServiceAccountsListing = { filters: { id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], client_id: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], status: ['eq', 'in', 'isnull'], last_used_at: ['eq', 'in', 'gte', 'lte', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'name', 'client_id', 'status', 'last_used_at', 'created_by', 'created_at', 'updated_at'], fields: ['audiences', 'client_id', 'created_at', 'created_by', 'id', 'last_used_at', 'name', 'status', 'updated_at', 'version'] } as const
/** List service accounts. */
export const listServiceAccounts: Operation<never, ListQuery<typeof listServiceAccountsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.ServiceAccountView> }> = { method: 'GET', path: '/api/v2/service-accounts', permission: 'service_accounts:manage' }
/** Create a service account. */
export const createServiceAccount: Operation<never, undefined, S.WriteServiceAccount, S.NewServiceAccountView> = { method: 'POST', path: '/api/v2/service-accounts', permission: 'service_accounts:manage' }
/** Delete a service account. */
export const deleteServiceAccount: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/service-accounts/{id}', permission: 'service_accounts:manage' }
/** Get a service account. */
export const getServiceAccount: Operation<'id', undefined, undefined, S.ServiceAccountView> = { method: 'GET', path: '/api/v2/service-accounts/{id}', permission: 'service_accounts:manage' }
/** Update a service account. */
export const updateServiceAccount: Operation<'id', undefined, S.WriteServiceAccountPatch, S.ServiceAccountView> = { method: 'PATCH', path: '/api/v2/service-accounts/{id}', permission: 'service_accounts:manage' }
/** Replace a service account. */
export const replaceServiceAccount: Operation<'id', undefined, S.WriteServiceAccount, S.ServiceAccountView> = { method: 'PUT', path: '/api/v2/service-accounts/{id}', permission: 'service_accounts:manage' }
/** Rotate the secret of a service account. */
export const rotateServiceAccount: Operation<'id', undefined, undefined, S.NewServiceAccountView> = { method: 'POST', path: '/api/v2/service-accounts/{id}/rotate', permission: 'service_accounts:manage' }
export const listUsersListing = { filters: { id: ['eq', 'in', 'isnull'], email: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], first_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], last_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], phone: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], account_type: ['eq', 'in', 'isnull'], status: ['eq', 'in', 'isnull'], platform_role: ['eq', 'in', 'isnull'], email_verified_at: ['eq', 'in', 'gte', 'lte', 'isnull'], last_login_at: ['eq', 'in', 'gte', 'lte', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'email', 'first_name', 'last_name', 'phone', 'account_type', 'status', 'platform_role', 'email_verified_at', 'last_login_at', 'created_at', 'updated_at'], fields: ['account_type', 'created_at', 'email', 'email_verified_at', 'first_name', 'id', 'last_login_at', 'last_name', 'phone', 'platform_role', 'status', 'updated_at', 'version'] } as const
/** List the platform's users. */
export const listUsers: Operation<never, ListQuery<typeof listUsersListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.UserView> }> = { method: 'GET', path: '/api/v2/users', permission: 'users:read' }
/** Get a user. */
export const getUser: Operation<'id', undefined, undefined, S.UserView> = { method: 'GET', path: '/api/v2/users/{id}', permission: 'users:read' }
/** Update a user. */
export const updateUser: Operation<'id', undefined, S.WriteUserPatch, S.UserView> = { method: 'PATCH', path: '/api/v2/users/{id}', permission: 'users:update' }
export const listUserSecurityEventsListing = { filters: { id: ['eq', 'in', 'isnull'], user_id: ['eq', 'in', 'isnull'], action: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], entity_type: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], entity_id: ['eq', 'in', 'isnull'], actor_kind: ['eq', 'in', 'isnull'], actor_id: ['eq', 'in', 'isnull'], request_id: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], client_address: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], occurred_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'user_id', 'action', 'entity_type', 'entity_id', 'actor_kind', 'actor_id', 'request_id', 'client_address', 'occurred_at'], fields: ['action', 'actor_id', 'actor_kind', 'client_address', 'details', 'entity_id', 'entity_type', 'id', 'occurred_at', 'request_id', 'user_id'] } as const
/** List a user's security events. */
export const listUserSecurityEvents: Operation<'id', ListQuery<typeof listUserSecurityEventsListing>, undefined, ListOf<S.SecurityEventView>> = { method: 'GET', path: '/api/v2/users/{id}/security-events', permission: 'users:read' }
/** Get a token for a service account. */
export const getServiceToken: Operation<never, undefined, Blob, { access_token: string; expires_in: number; token_type: string }> = { method: 'POST', path: '/oauth/token' }
/** Show the page for resetting a password. */
export const showPasswordResetPage: Operation<never, undefined, undefined, Blob> = { method: 'GET', path: '/reset-password' }
/** Show the page for verifying an e-mail address. */
export const showEmailVerificationPage: Operation<never, undefined, undefined, Blob> = { method: 'GET', path: '/verify-email' }
