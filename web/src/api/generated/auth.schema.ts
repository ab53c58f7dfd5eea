// Typed client, generated from openapi/ by `npm run api`. Do not edit.
// tidy: long because it is generated.
/** Which side of a tenant's business a user is on. */
export type AccountType = 'company' | 'customer'
export const accountTypeValues = ['company', 'customer'] as const
/** The answer to a challenge. */
export type AnswerChallenge = { challenge_token: string; code: string }
/** An access token with the user. */
export type BegunView = { access_token: string; expires_in: number; token_type: string; user: PersonView }
/** A change of one's own password. */
export type ChangePassword = { current_password: string; new_password: string }
/** Data scope of a role: records assigned to or created by these users. A wider scope compares greater. */
export type DataScope = 'own' | 'team' | 'all'
export const dataScopeValues = ['own', 'team', 'all'] as const
/** What the app needs to know. */
export type EnrolmentView = { otpauth_url: string; secret: string }
/** One fault of a body or query. */
export type FieldError = { code: string; field: string; message: string }
/** A tenant that was made with its admin. */
export type FoundedTenantView = { client_id: string; id: TenantId; name: string }
export type GetServiceTokenBody = { audience?: string; client_id?: string; client_secret?: string; grant_type: 'client_credentials' }
/** A code of the app, or a recovery code. */
export type GiveCode = { code: string }
/** Says who one is once more, before a secret is shown. */
export type GivePassword = { password?: string | null }
/** An access token; its refresh token is in the cookie. */
export type GrantView = { access_token: string; expires_in: number; token_type: string }
/** A greeting. */
export type Greeting = { message: string; user_id?: UserId | null }
/** A JSON Web Key Set (RFC 7517): every key that valid tokens may be signed with. */
export type KeySet = { keys: Array<Record<string, unknown>> }
/** Signs in. */
export type Login = { email: string; password: string }
export const loginLimits = { email: { maxLength: 254, format: 'email', required: true }, password: { maxLength: 1024, minLength: 1, format: 'password', required: true } } as const
/** A pair of tokens with the user. */
export type LoginView = { access_token: string; expires_in: number; refresh_token: string; token_type: string; user: PersonView }
export const loginViewLimits = { access_token: { required: true }, expires_in: { required: true }, refresh_token: { required: true }, token_type: { required: true }, user: { required: true } } as const
/** A person and where they belong. */
export type MeView = { account_type: AccountType; email: string; email_verified: boolean; first_name?: string | null; id: UserId; last_name?: string | null; memberships: Array<MembershipSummary>; platform_role: PlatformRole }
/** One membership with the tenant it is in. */
export type MembershipSummary = { client_id: string; data_scope: DataScope; membership_id: string; name: string; permissions: Array<string>; role: string; tenant_id: TenantId }
/** Names an account by its address. */
export type NameAddress = { email: string }
/** An account with its secret, which is shown this once. */
export type NewServiceAccountView = ServiceAccountView & { client_secret: string }
/** The same for every address. */
export type OnItsWayView = { detail: string }
/** A person as they see themselves. */
export type PersonView = { account_type: AccountType; email: string; email_verified: boolean; first_name?: string | null; id: UserId; last_name?: string | null; platform_role: PlatformRole }
/** Role of a person on the platform itself. */
export type PlatformRole = 'none' | 'internal_cs' | 'internal_admin'
export const platformRoleValues = ['none', 'internal_cs', 'internal_admin'] as const
/** A token of another issuer. It cannot be printed. */
export type PresentIdToken = { id_token: string }
/** Names a session by its refresh token. */
export type PresentRefreshToken = { refresh_token: string }
/** Presents the token of a link. */
export type PresentToken = { token: string }
/** The body of every answer with a 4xx or 5xx status (`application/problem+json`). */
export type ProblemBody = { code: string; detail: string; errors?: Array<FieldError>; instance?: string | null; request_id?: string | null; status: number; title: string; type: string }
/** A customer as they see themselves. */
export type ProfileView = { address?: string | null; city?: string | null; country?: string | null; date_of_birth?: string | null; email: string; email_verified: boolean; first_name?: string | null; id: UserId; last_name?: string | null; phone?: string | null; picture_url?: string | null; updated_at: string; version: number }
/** Shown this once. */
export type RecoveryCodesView = { recovery_codes: Array<string> }
/** A registration. It carries a password and cannot be printed. */
export type Register = { account_type?: AccountType | null; email: string; first_name: string; last_name: string; password: string; tenant?: RegisterTenant | null }
export const registerLimits = { email: { maxLength: 254, format: 'email', required: true }, first_name: { maxLength: 150, minLength: 1, format: 'name', required: true }, last_name: { maxLength: 150, minLength: 1, format: 'name', required: true }, password: { maxLength: 128, minLength: 8, format: 'password', required: true } } as const
/** The tenant to create with the account. */
export type RegisterTenant = { client_id: string; name: string; website: string }
export const registerTenantLimits = { client_id: { maxLength: 63, minLength: 1, required: true }, name: { maxLength: 255, minLength: 1, format: 'name', required: true }, website: { maxLength: 255, format: 'uri', required: true } } as const
/** What was made. */
export type RegisteredView = { tenant?: FoundedTenantView | null; user: PersonView }
export const registeredViewLimits = { user: { required: true } } as const
/** A new password, with the token from the mail. */
export type ResetPassword = { new_password?: string | null; password?: string | null; token: string }
/** Whether signing in needs a code. */
export type SecondFactorView = { confirmed_at?: string | null; enabled: boolean; recovery_codes_left: number }
/** Something that happened to a person's access. */
export type SecurityEventView = { action: string; actor_id?: string | null; actor_kind: string; client_address?: string | null; details?: Record<string, unknown> | null; entity_id?: string | null; entity_type: string; id: string; occurred_at: string; request_id?: string | null; user_id?: string | null }
/** Whether an account is in use. */
export type ServiceAccountStatus = 'active' | 'inactive'
export const serviceAccountStatusValues = ['active', 'inactive'] as const
/** An account as it is shown. */
export type ServiceAccountView = { audiences: Array<string>; client_id: string; created_at: string; created_by?: string | null; id: string; last_used_at?: string | null; name: string; status: ServiceAccountStatus; updated_at: string; version: number }
/** A session that can be continued. */
export type SessionView = { created_at: string; current: boolean; id: string; ip?: string | null; last_used_at: string; user_agent?: string | null }
/** Signs in, in SimpleJWT's words. */
export type SimpleLogin = { password: string; username: string }
/** Names a session, in SimpleJWT's words. */
export type SimpleRefresh = { refresh: string }
/** A pair of tokens, in SimpleJWT's words. */
export type SimpleTokensView = { access: string; refresh: string }
/** A tenant: one organisation, isolated from every other. */
export type TenantId = string
/** A pair of tokens. */
export type TokensView = { access_token: string; expires_in: number; refresh_token: string; token_type: string }
export type UploadCustomerPictureForm = { file: Blob }
/** A person who signs in. */
export type UserId = string
/** Whether a user may sign in. */
export type UserStatus = 'active' | 'inactive' | 'suspended'
export const userStatusValues = ['active', 'inactive', 'suspended'] as const
/** A person as administrators of the platform see them. */
export type UserView = { account_type: AccountType; created_at: string; email: string; email_verified_at?: string | null; first_name?: string | null; id: UserId; last_login_at?: string | null; last_name?: string | null; phone?: string | null; platform_role: PlatformRole; status: UserStatus; updated_at: string; version: number }
/** An address that is proven. */
export type VerifiedView = { email: string; email_verified: boolean }
/** What people change about themselves. */
export type WriteMePatch = { first_name?: string | null; last_name?: string | null }
/** What customers change about themselves. */
export type WriteProfilePatch = { address?: string | null; city?: string | null; country?: string | null; date_of_birth?: string | null; first_name?: string | null; last_name?: string | null; phone?: string | null }
/** An account as it is written. */
export type WriteServiceAccount = { audiences?: Array<string> | null; name: string; status?: ServiceAccountStatus | null }
export const writeServiceAccountLimits = { name: { maxLength: 100, minLength: 1, required: true } } as const
/** An account as it is written. */
export type WriteServiceAccountPatch = { audiences?: Array<string> | null; name?: string; status?: ServiceAccountStatus | null }
/** What administrators of the platform decide about a person. */
export type WriteUserPatch = { platform_role?: PlatformRole; status?: UserStatus }
