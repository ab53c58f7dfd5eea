// Typed client, generated from openapi/ by `npm run api`. Do not edit.
// tidy: long because it is generated.
/** Acceptance of an invitation. */
export type AcceptInvitation = { first_name?: string | null; last_name?: string | null; password?: string | null; token: string }
/** Where an accepted invitation has led. */
export type AcceptedInvitation = { client_id: string; email: string; invitation_id: string; membership_id: string; role: string; tenant_id: string; tenant_name: string; user_id: string }
/** Which product to take. */
export type AttachProduct = { catalog_product_id: string; enabled?: boolean }
/** Something that was done to identity or access. */
export type AuditEntryView = { action: string; actor_id?: string | null; actor_kind: string; actor_service?: string | null; client_address?: string | null; current?: Record<string, unknown> | null; entity_id?: string | null; entity_type: string; id: string; occurred_at: string; previous?: Record<string, unknown> | null; request_id?: string | null; source: string }
/** A branch as it is shown. */
export type BranchView = { address?: string | null; city?: string | null; country?: string | null; created_at: string; created_by?: string | null; email?: string | null; id: string; name: string; phone?: string | null; region_id: string; timezone?: string | null; updated_at: string; version: number }
/** Settings to be written together. */
export type BulkUpdate = { settings: Array<WriteSetting> }
/** Settings that were written together. */
export type BulkUpdated = { settings: Array<SettingView> }
/** A product as it is shown. */
export type CatalogProductView = { category_id: string; created_at: string; created_by?: string | null; description?: string | null; id: string; name: string; updated_at: string; version: number }
/** A category as it is shown. */
export type CategoryView = { created_at: string; created_by?: string | null; description?: string | null; id: string; industry_id: string; name: string; updated_at: string; version: number }
/** How to prove that one controls a host name: by the record or by the file. */
export type Challenge = { file_content: string; file_path: string; file_url: string; record_name: string; record_type: string; record_value: string }
/** How a tenant's rows shall be kept apart. */
export type ChangeIsolation = { isolation: Isolation }
/** Whether a client id is free. */
export type ClientIdAvailability = { available: boolean; reason?: Unavailable | null }
/** Scope of a configuration. */
export type ConfigScope = 'global' | 'tenant' | 'user'
export const configScopeValues = ['global', 'tenant', 'user'] as const
/** A configuration as it is shown. */
export type ConfigView = { created_at: string; created_by?: string | null; description?: string | null; id: string; key: string; scope: ConfigScope; tenant_id?: string | null; updated_at: string; user_id?: string | null; value: unknown; version: number }
/** Where each value came from. */
export type ContextExplanation = { configs: Record<string, Origin>; settings: Record<string, Origin> }
/** What holds for the caller: the most particular layer's value of each key. */
export type ContextView = { configs: Record<string, unknown>; explain?: ContextExplanation | null; settings: Record<string, unknown> }
/** A tenant to be made. */
export type CreateTenant = { admin?: FoundingAdmin | null; client_id: string; isolation?: Isolation | null; name: string; website: string }
export const createTenantLimits = { client_id: { maxLength: 100, minLength: 1, required: true }, name: { maxLength: 255, minLength: 1, format: 'name', required: true }, website: { maxLength: 255, format: 'uri', required: true } } as const
/** Data scope of a role: records assigned to or created by these users. A wider scope compares greater. */
export type DataScope = 'own' | 'team' | 'all'
export const dataScopeValues = ['own', 'team', 'all'] as const
/** Whether a host name leads to its tenant. */
export type DomainStatus = 'pending' | 'verified'
export const domainStatusValues = ['pending', 'verified'] as const
/** A host name as it is shown. */
export type DomainView = { challenge?: Challenge | null; created_at: string; created_by?: string | null; host: string; id: string; is_primary: boolean; status: DomainStatus; updated_at: string; verified_at?: string | null; version: number }
/** All of a tenant's host names: there are few, so they make one page. */
export type Domains = { count: number; next?: string | null; previous?: string | null; results: Array<DomainView> }
/** A role as far as it decides. */
export type ExplainedRole = { data_scope: string; grants: boolean; name: string }
/** The decision and what it rests on. */
export type Explanation = { allowed: boolean; membership_id?: string | null; owners: Array<string>; path: Array<Step>; permission: string; reason: Reason; resource?: string | null; role?: ExplainedRole | null; user_id: string }
/** One fault of a body or query. */
export type FieldError = { code: string; field: string; message: string }
/** The person who becomes a new tenant's first admin: at once, if there is an account with this address, proven; otherwise */
export type FoundingAdmin = { email: string; first_name?: string | null; last_name?: string | null }
/** The tenant's members as a tree. */
export type Hierarchy = { results: Array<Position> }
/** An industry as it is shown. */
export type IndustryView = { created_at: string; created_by?: string | null; description?: string | null; id: string; name: string; updated_at: string; version: number }
/** What the holder of a link sees before accepting. */
export type InvitationPreview = { client_id: string; email: string; expires_at: string; requires: Requirement; role: string; status: InvitationStatus; tenant_id: string; tenant_name: string }
/** How far an invitation has come. */
export type InvitationStatus = 'pending' | 'accepted' | 'expired' | 'revoked'
export const invitationStatusValues = ['pending', 'accepted', 'expired', 'revoked'] as const
/** An invitation as it is shown. Its token is not. */
export type InvitationView = { accepted_at?: string | null; accepted_by?: string | null; created_at: string; department?: string | null; email: string; expires_at: string; id: string; invited_by?: string | null; reports_to?: string | null; role: string; status: InvitationStatus; updated_at: string; version: number }
/** A new invitation. */
export type InviteUser = { department?: string | null; email: string; reports_to?: string | null; role: string }
export const inviteUserLimits = { department: { maxLength: 100 }, email: { maxLength: 254, format: 'email', required: true }, reports_to: { format: 'uuid' }, role: { maxLength: 100, minLength: 1, required: true } } as const
/** How a tenant's rows are kept apart from others'. */
export type Isolation = 'pool' | 'schema'
export const isolationValues = ['pool', 'schema'] as const
/** How a tenant's rows are kept apart, and its latest move. */
export type IsolationView = { isolation: Isolation; move?: MoveView | null; schema_name?: string | null; status?: MoveStatus | null }
/** Whether a member may act in the tenant. */
export type MembershipStatus = 'active' | 'inactive'
export const membershipStatusValues = ['active', 'inactive'] as const
/** What has become of a move. */
export type MoveStatus = 'running' | 'succeeded' | 'rolling_back' | 'rolled_back'
export const moveStatusValues = ['running', 'succeeded', 'rolling_back', 'rolled_back'] as const
/** What the services do at the moment, or did last. */
export type MoveStepName = 'copy' | 'switch' | 'clear'
export const moveStepNameValues = ['copy', 'switch', 'clear'] as const
/** A move as it is shown. */
export type MoveView = { created_at: string; created_by?: string | null; finished_at?: string | null; from: Isolation; id: string; last_error?: string | null; reason?: string | null; services_done: Array<string>; status: MoveStatus; step: MoveStepName; tenant_id: string; to: Isolation; updated_at: string }
/** Where a value came from. */
export type Origin = { layer: string; overrides: Array<string> }
/** What an answer has of a record that its caller may not read. */
export type Outline = { id: string; version?: number | null }
/** A route and the permission it demands. */
export type PermissionView = { code: string; created_at: string; description: string; id: string; method: string; path: string; service: string }
/** A member and all members below. */
export type Position = TenantUserView & { children: Array<Position> }
/** The body of every answer with a 4xx or 5xx status (`application/problem+json`). */
export type ProblemBody = { code: string; detail: string; errors?: Array<FieldError>; instance?: string | null; request_id?: string | null; status: number; title: string; type: string }
/** What decided. */
export type Reason = 'tenant_inactive' | 'not_a_member' | 'membership_inactive' | 'permission_denied' | 'role_grants' | 'scope_all' | 'own_record' | 'team_record' | 'out_of_scope'
export const reasonValues = ['tenant_inactive', 'not_a_member', 'membership_inactive', 'permission_denied', 'role_grants', 'scope_all', 'own_record', 'team_record', 'out_of_scope'] as const
/** A region as it is shown. */
export type RegionView = { created_at: string; created_by?: string | null; description?: string | null; id: string; name: string; updated_at: string; version: number }
/** A member above or below another. */
export type Relative = TenantUserView & { depth: number }
/** All members above or below a member, nearest first. */
export type Relatives = { results: Array<Relative> }
/** The member to remove. */
export type RemoveUser = { user_id: string }
/** What accepting takes beside the token. */
export type Requirement = 'nothing' | 'password' | 'sign_in'
export const requirementValues = ['nothing', 'password', 'sign_in'] as const
/** A role as it is shown. */
export type RoleView = { created_at: string; created_by?: string | null; data_scope: DataScope; description?: string | null; id: string; is_system: boolean; level: number; name: string; permissions: Array<string>; updated_at: string; version: number }
/** The same as its sender is shown it. */
export type SentInvitationView = SentInvitationView_InvitationView | SentInvitationView_Outline
/** The same as its sender is shown it. */
export type SentInvitationView_InvitationView = InvitationView & { accept_url: string }
/** The same as its sender is shown it. */
export type SentInvitationView_Outline = Outline & { accept_url: string }
/** Scope of a setting. */
export type SettingScope = 'tenant' | 'user'
export const settingScopeValues = ['tenant', 'user'] as const
/** A setting as it is shown. */
export type SettingView = { created_at: string; created_by?: string | null; id: string; key: string; scope: SettingScope; updated_at: string; user_id?: string | null; value: unknown; version: number }
export type Shown_BranchView = BranchView | Outline
export type Shown_RegionView = RegionView | Outline
export type Shown_RoleView = RoleView | Outline
export type Shown_TenantUserView = TenantUserView | Outline
export type Shown_TenantView = TenantView | Outline
/** One member on the way down the hierarchy. */
export type Step = { depth: number; membership_id: string; role: string; user_id: string }
/** Whether and how a tenant pays. */
export type SubscriptionStatus = 'TRIAL' | 'ACTIVE' | 'PAST_DUE' | 'CANCELLED'
export const subscriptionStatusValues = ['TRIAL', 'ACTIVE', 'PAST_DUE', 'CANCELLED'] as const
/** How to take the product that the path names. */
export type SwitchProduct = { enabled?: boolean }
/** A product that the tenant has taken. */
export type TenantProductView = { catalog_product_id: string; category: string; category_id: string; created_at: string; created_by?: string | null; enabled: boolean; id: string; industry: string; industry_id: string; name: string; updated_at: string; version: number }
/** State of a tenant. Only an active one is served. */
export type TenantStatus = 'provisioning' | 'active' | 'inactive' | 'suspended'
export const tenantStatusValues = ['provisioning', 'active', 'inactive', 'suspended'] as const
/** A membership as it is shown. Names and address are auth-service's; they are null while it is away. */
export type TenantUserView = { branch_id?: string | null; created_at: string; data_scope: DataScope; department?: string | null; email?: string | null; first_name?: string | null; id: string; invited_by?: string | null; joined_at: string; last_name?: string | null; reports_to?: string | null; role: string; status: MembershipStatus; updated_at: string; user_id: string; version: number }
/** A tenant as it is shown. */
export type TenantView = { address?: string | null; city?: string | null; client_id: string; country?: string | null; created_at: string; created_by?: string | null; description?: string | null; employee_count?: number | null; id: string; industry?: string | null; isolation: Isolation; logo_url?: string | null; max_users: number; name: string; phone?: string | null; schema_name?: string | null; settings: Record<string, unknown>; status: TenantStatus; subscription_status: SubscriptionStatus; timezone?: string | null; updated_at: string; version: number; website: string }
/** Why a client id cannot be had. */
export type Unavailable = 'malformed' | 'reserved' | 'taken'
export const unavailableValues = ['malformed', 'reserved', 'taken'] as const
/** A member's new superior. */
export type UpdateReportsTo = { membership_id: string | null }
/** The role a member shall hold. */
export type UpdateRole = { role: string }
export type UploadTenantLogoForm = { file: Blob }
/** A branch as it is written. */
export type WriteBranch = { address?: string | null; city?: string | null; country?: string | null; email?: string | null; name: string; phone?: string | null; region_id: string; timezone?: string | null }
export const writeBranchLimits = { address: { maxLength: 1000 }, city: { maxLength: 100 }, country: { maxLength: 100 }, email: { maxLength: 254, format: 'email' }, name: { maxLength: 255, minLength: 1, required: true }, phone: { maxLength: 32 }, region_id: { format: 'uuid', required: true }, timezone: { maxLength: 100 } } as const
/** A branch as it is written. */
export type WriteBranchPatch = { address?: string | null; city?: string | null; country?: string | null; email?: string | null; name?: string; phone?: string | null; region_id?: string; timezone?: string | null }
/** A product as it is written. */
export type WriteCatalogProduct = { category_id: string; description?: string | null; name: string }
export const writeCatalogProductLimits = { category_id: { format: 'uuid', required: true }, description: { maxLength: 5000 }, name: { maxLength: 255, minLength: 1, required: true } } as const
/** A product as it is written. */
export type WriteCatalogProductPatch = { category_id?: string; description?: string | null; name?: string }
/** A category as it is written. */
export type WriteCategory = { description?: string | null; industry_id: string; name: string }
export const writeCategoryLimits = { description: { maxLength: 5000 }, industry_id: { format: 'uuid', required: true }, name: { maxLength: 255, minLength: 1, required: true } } as const
/** A category as it is written. */
export type WriteCategoryPatch = { description?: string | null; industry_id?: string; name?: string }
/** A configuration as it is written. */
export type WriteConfig = { description?: string | null; key: string; scope?: ConfigScope; tenant_id?: string | null; user_id?: string | null; value: unknown }
export const writeConfigLimits = { description: { maxLength: 5000 }, key: { maxLength: 255, minLength: 1, required: true }, tenant_id: { format: 'uuid' }, user_id: { format: 'uuid' }, value: { required: true } } as const
/** A configuration as it is written. */
export type WriteConfigPatch = { description?: string | null; key?: string; scope?: ConfigScope; tenant_id?: string | null; user_id?: string | null; value?: unknown }
/** A host name as it is written. */
export type WriteDomain = { host: string; is_primary?: boolean }
export const writeDomainLimits = { host: { maxLength: 253, minLength: 1, required: true } } as const
/** A host name as it is written. */
export type WriteDomainPatch = { host?: string; is_primary?: boolean }
/** What a role shall allow, in place of what it allowed before. */
export type WriteGrants = { permissions: Array<string> }
export const writeGrantsLimits = { permissions: { required: true } } as const
/** An industry as it is written. */
export type WriteIndustry = { description?: string | null; name: string }
export const writeIndustryLimits = { description: { maxLength: 5000 }, name: { maxLength: 255, minLength: 1, required: true } } as const
/** An industry as it is written. */
export type WriteIndustryPatch = { description?: string | null; name?: string }
/** A membership as it is changed. */
export type WriteMembershipPatch = { branch_id?: string | null; department?: string | null; status?: MembershipStatus }
/** A region as it is written. */
export type WriteRegion = { description?: string | null; name: string }
export const writeRegionLimits = { description: { maxLength: 5000 }, name: { maxLength: 255, minLength: 1, required: true } } as const
/** A region as it is written. */
export type WriteRegionPatch = { description?: string | null; name?: string }
/** A role as it is written. */
export type WriteRole = { data_scope: DataScope; description?: string | null; level?: number; name: string }
export const writeRoleLimits = { data_scope: { required: true }, description: { maxLength: 1000 }, level: { minimum: 0, maximum: 1000 }, name: { maxLength: 100, minLength: 1, required: true } } as const
/** A role as it is written. */
export type WriteRolePatch = { data_scope?: DataScope; description?: string | null; level?: number; name?: string }
/** A setting as it is written. */
export type WriteSetting = { key: string; scope: SettingScope; value: unknown }
export const writeSettingLimits = { key: { maxLength: 255, minLength: 1, required: true }, scope: { required: true }, value: { required: true } } as const
/** A setting as it is written. */
export type WriteSettingPatch = { key?: string; scope?: SettingScope; value?: unknown }
/** A tenant as it is written. The last three members are the platform's to change; left out, they stay. */
export type WriteTenant = { address?: string | null; city?: string | null; country?: string | null; description?: string | null; employee_count?: number | null; industry?: string | null; logo_url?: string | null; max_users?: number | null; name: string; phone?: string | null; settings?: Record<string, unknown>; status?: TenantStatus | null; subscription_status?: SubscriptionStatus | null; timezone?: string | null; website: string }
export const writeTenantLimits = { address: { maxLength: 1000 }, city: { maxLength: 100 }, country: { maxLength: 100 }, description: { maxLength: 20000 }, employee_count: { minimum: 0 }, industry: { maxLength: 100 }, logo_url: { maxLength: 512, format: 'uri' }, max_users: { minimum: 1 }, name: { maxLength: 255, minLength: 1, format: 'name', required: true }, phone: { maxLength: 32 }, timezone: { maxLength: 100 }, website: { maxLength: 255, format: 'uri', required: true } } as const
/** A tenant as it is written. The last three members are the platform's to change; left out, they stay. */
export type WriteTenantPatch = { address?: string | null; city?: string | null; country?: string | null; description?: string | null; employee_count?: number | null; industry?: string | null; logo_url?: string | null; max_users?: number | null; name?: string; phone?: string | null; settings?: Record<string, unknown>; status?: TenantStatus | null; subscription_status?: SubscriptionStatus | null; timezone?: string | null; website?: string }
