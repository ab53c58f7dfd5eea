// Typed client, generated from openapi/ by `npm run api`. Do not edit.
// tidy: long because it is generated.
import type { ListOf, ListQuery, Operation } from '../operation'
import type * as S from './tenant.schema'
export const listAuditEntriesListing = { filters: { id: ['eq', 'in', 'isnull'], action: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], entity_type: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], entity_id: ['eq', 'in', 'isnull'], actor_kind: ['eq', 'in', 'isnull'], actor_id: ['eq', 'in', 'isnull'], actor_service: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], source: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], request_id: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], client_address: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], occurred_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'action', 'entity_type', 'entity_id', 'actor_kind', 'actor_id', 'actor_service', 'source', 'request_id', 'client_address', 'occurred_at'], fields: ['action', 'actor_id', 'actor_kind', 'actor_service', 'client_address', 'current', 'entity_id', 'entity_type', 'id', 'occurred_at', 'previous', 'request_id', 'source'] } as const
/** List audit entries. */
export const listAuditEntries: Operation<never, ListQuery<typeof listAuditEntriesListing>, undefined, ListOf<S.AuditEntryView>> = { method: 'GET', path: '/api/v2/audit', permission: 'audit:read' }
/** Explain an access decision. */
export const explainAccess: Operation<never, { permission?: string; resource?: string; user_id?: string }, undefined, S.Explanation> = { method: 'GET', path: '/api/v2/authz/explain', permission: 'access:explain' }
export const listBranchesListing = { filters: { id: ['eq', 'in', 'isnull'], region_id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], city: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], country: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], phone: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], email: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], timezone: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'region_id', 'name', 'city', 'country', 'phone', 'email', 'timezone', 'created_by', 'created_at', 'updated_at'], fields: ['address', 'city', 'country', 'created_at', 'created_by', 'email', 'id', 'name', 'phone', 'region_id', 'timezone', 'updated_at', 'version'] } as const
/** List branches. */
export const listBranches: Operation<never, ListQuery<typeof listBranchesListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.BranchView> }> = { method: 'GET', path: '/api/v2/branches', permission: 'offices:read' }
/** Create a branch. */
export const createBranch: Operation<never, undefined, S.WriteBranch, S.Shown_BranchView> = { method: 'POST', path: '/api/v2/branches', permission: 'offices:manage' }
/** Delete a branch. */
export const deleteBranch: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/branches/{id}', permission: 'offices:manage' }
/** Get a branch. */
export const getBranch: Operation<'id', undefined, undefined, S.BranchView> = { method: 'GET', path: '/api/v2/branches/{id}', permission: 'offices:read' }
/** Update a branch. */
export const updateBranch: Operation<'id', undefined, S.WriteBranchPatch, S.Shown_BranchView> = { method: 'PATCH', path: '/api/v2/branches/{id}', permission: 'offices:manage' }
/** Replace a branch. */
export const replaceBranch: Operation<'id', undefined, S.WriteBranch, S.Shown_BranchView> = { method: 'PUT', path: '/api/v2/branches/{id}', permission: 'offices:manage' }
/** Restore a deleted branch. */
export const restoreBranch: Operation<'id', undefined, undefined, S.Shown_BranchView> = { method: 'POST', path: '/api/v2/branches/{id}/restore', permission: 'offices:manage' }
export const listCatalogProductsListing = { filters: { id: ['eq', 'in', 'isnull'], category_id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'category_id', 'name', 'created_by', 'created_at', 'updated_at'], fields: ['category_id', 'created_at', 'created_by', 'description', 'id', 'name', 'updated_at', 'version'] } as const
/** List catalog products. */
export const listCatalogProducts: Operation<never, ListQuery<typeof listCatalogProductsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.CatalogProductView> }> = { method: 'GET', path: '/api/v2/catalog-products' }
/** Create a catalog product. */
export const createCatalogProduct: Operation<never, undefined, S.WriteCatalogProduct, S.CatalogProductView> = { method: 'POST', path: '/api/v2/catalog-products', permission: 'catalogue:manage' }
/** Delete a catalog product. */
export const deleteCatalogProduct: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/catalog-products/{id}', permission: 'catalogue:manage' }
/** Get a catalog product. */
export const getCatalogProduct: Operation<'id', undefined, undefined, S.CatalogProductView> = { method: 'GET', path: '/api/v2/catalog-products/{id}' }
/** Update a catalog product. */
export const updateCatalogProduct: Operation<'id', undefined, S.WriteCatalogProductPatch, S.CatalogProductView> = { method: 'PATCH', path: '/api/v2/catalog-products/{id}', permission: 'catalogue:manage' }
/** Replace a catalog product. */
export const replaceCatalogProduct: Operation<'id', undefined, S.WriteCatalogProduct, S.CatalogProductView> = { method: 'PUT', path: '/api/v2/catalog-products/{id}', permission: 'catalogue:manage' }
/** Restore a deleted catalog product. */
export const restoreCatalogProduct: Operation<'id', undefined, undefined, S.CatalogProductView> = { method: 'POST', path: '/api/v2/catalog-products/{id}/restore', permission: 'catalogue:manage' }
export const listCategoriesListing = { filters: { id: ['eq', 'in', 'isnull'], industry_id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'industry_id', 'name', 'created_by', 'created_at', 'updated_at'], fields: ['created_at', 'created_by', 'description', 'id', 'industry_id', 'name', 'updated_at', 'version'] } as const
/** List categories. */
export const listCategories: Operation<never, ListQuery<typeof listCategoriesListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.CategoryView> }> = { method: 'GET', path: '/api/v2/categories' }
/** Create a category. */
export const createCategory: Operation<never, undefined, S.WriteCategory, S.CategoryView> = { method: 'POST', path: '/api/v2/categories', permission: 'catalogue:manage' }
/** Delete a category. */
export const deleteCategory: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/categories/{id}', permission: 'catalogue:manage' }
/** Get a category. */
export const getCategory: Operation<'id', undefined, undefined, S.CategoryView> = { method: 'GET', path: '/api/v2/categories/{id}' }
/** Update a category. */
export const updateCategory: Operation<'id', undefined, S.WriteCategoryPatch, S.CategoryView> = { method: 'PATCH', path: '/api/v2/categories/{id}', permission: 'catalogue:manage' }
/** Replace a category. */
export const replaceCategory: Operation<'id', undefined, S.WriteCategory, S.CategoryView> = { method: 'PUT', path: '/api/v2/categories/{id}', permission: 'catalogue:manage' }
/** Restore a deleted category. */
export const restoreCategory: Operation<'id', undefined, undefined, S.CategoryView> = { method: 'POST', path: '/api/v2/categories/{id}/restore', permission: 'catalogue:manage' }
export const listConfigsListing = { filters: { id: ['eq', 'in', 'isnull'], key: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], scope: ['eq', 'in', 'isnull'], tenant_id: ['eq', 'in', 'isnull'], user_id: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'key', 'scope', 'tenant_id', 'user_id', 'created_by', 'created_at', 'updated_at'], fields: ['created_at', 'created_by', 'description', 'id', 'key', 'scope', 'tenant_id', 'updated_at', 'user_id', 'value', 'version'] } as const
/** List configurations. */
export const listConfigs: Operation<never, ListQuery<typeof listConfigsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.ConfigView> }> = { method: 'GET', path: '/api/v2/configs', permission: 'configs:manage' }
/** Create a configuration. */
export const createConfig: Operation<never, undefined, S.WriteConfig, S.ConfigView> = { method: 'POST', path: '/api/v2/configs', permission: 'configs:manage' }
/** Delete a configuration. */
export const deleteConfig: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/configs/{id}', permission: 'configs:manage' }
/** Get a configuration. */
export const getConfig: Operation<'id', undefined, undefined, S.ConfigView> = { method: 'GET', path: '/api/v2/configs/{id}', permission: 'configs:manage' }
/** Update a configuration. */
export const updateConfig: Operation<'id', undefined, S.WriteConfigPatch, S.ConfigView> = { method: 'PATCH', path: '/api/v2/configs/{id}', permission: 'configs:manage' }
/** Replace a configuration. */
export const replaceConfig: Operation<'id', undefined, S.WriteConfig, S.ConfigView> = { method: 'PUT', path: '/api/v2/configs/{id}', permission: 'configs:manage' }
/** Get the caller's configuration and settings. */
export const getContext: Operation<never, { explain?: boolean }, undefined, S.ContextView> = { method: 'GET', path: '/api/v2/context' }
/** Get the reporting hierarchy. */
export const getHierarchy: Operation<never, undefined, undefined, S.Hierarchy> = { method: 'GET', path: '/api/v2/hierarchy', permission: 'tenant_users:read' }
export const listIndustriesListing = { filters: { id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'name', 'created_by', 'created_at', 'updated_at'], fields: ['created_at', 'created_by', 'description', 'id', 'name', 'updated_at', 'version'] } as const
/** List industries. */
export const listIndustries: Operation<never, ListQuery<typeof listIndustriesListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.IndustryView> }> = { method: 'GET', path: '/api/v2/industries' }
/** Create an industry. */
export const createIndustry: Operation<never, undefined, S.WriteIndustry, S.IndustryView> = { method: 'POST', path: '/api/v2/industries', permission: 'catalogue:manage' }
/** Delete an industry. */
export const deleteIndustry: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/industries/{id}', permission: 'catalogue:manage' }
/** Get an industry. */
export const getIndustry: Operation<'id', undefined, undefined, S.IndustryView> = { method: 'GET', path: '/api/v2/industries/{id}' }
/** Update an industry. */
export const updateIndustry: Operation<'id', undefined, S.WriteIndustryPatch, S.IndustryView> = { method: 'PATCH', path: '/api/v2/industries/{id}', permission: 'catalogue:manage' }
/** Replace an industry. */
export const replaceIndustry: Operation<'id', undefined, S.WriteIndustry, S.IndustryView> = { method: 'PUT', path: '/api/v2/industries/{id}', permission: 'catalogue:manage' }
/** Restore a deleted industry. */
export const restoreIndustry: Operation<'id', undefined, undefined, S.IndustryView> = { method: 'POST', path: '/api/v2/industries/{id}/restore', permission: 'catalogue:manage' }
export const listInvitationsListing = { filters: { id: ['eq', 'in', 'isnull'], email: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], role: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], department: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], reports_to: ['eq', 'in', 'isnull'], status: ['eq', 'in', 'isnull'], expires_at: ['eq', 'in', 'gte', 'lte', 'isnull'], invited_by: ['eq', 'in', 'isnull'], accepted_by: ['eq', 'in', 'isnull'], accepted_at: ['eq', 'in', 'gte', 'lte', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'email', 'role', 'department', 'reports_to', 'status', 'expires_at', 'invited_by', 'accepted_by', 'accepted_at', 'created_at', 'updated_at'], fields: ['accepted_at', 'accepted_by', 'created_at', 'department', 'email', 'expires_at', 'id', 'invited_by', 'reports_to', 'role', 'status', 'updated_at', 'version'] } as const
/** List invitations. */
export const listInvitations: Operation<never, ListQuery<typeof listInvitationsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.InvitationView> }> = { method: 'GET', path: '/api/v2/invitations', permission: 'tenant_users:read' }
/** Accept an invitation. */
export const acceptInvitation: Operation<never, undefined, S.AcceptInvitation, S.AcceptedInvitation> = { method: 'POST', path: '/api/v2/invitations/accept' }
/** Look up an invitation by its token. */
export const lookUpInvitation: Operation<never, { token?: string }, undefined, S.InvitationPreview> = { method: 'GET', path: '/api/v2/invitations/lookup' }
/** Revoke an invitation. */
export const revokeInvitation: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/invitations/{id}', permission: 'tenant_users:invite' }
/** Get an invitation. */
export const getInvitation: Operation<'id', undefined, undefined, S.InvitationView> = { method: 'GET', path: '/api/v2/invitations/{id}', permission: 'tenant_users:read' }
/** Resend an invitation. */
export const resendInvitation: Operation<'id', undefined, undefined, S.SentInvitationView> = { method: 'POST', path: '/api/v2/invitations/{id}/resend', permission: 'tenant_users:invite' }
export const listPermissionsListing = { filters: { id: ['eq', 'in', 'isnull'], code: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], method: ['eq', 'in', 'isnull'], path: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], service: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'code', 'method', 'path', 'service', 'created_at'], fields: ['code', 'created_at', 'description', 'id', 'method', 'path', 'service'] } as const
/** List permissions. */
export const listPermissions: Operation<never, ListQuery<typeof listPermissionsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.PermissionView> }> = { method: 'GET', path: '/api/v2/permissions', permission: 'roles:read' }
export const listRegionsListing = { filters: { id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'name', 'created_by', 'created_at', 'updated_at'], fields: ['created_at', 'created_by', 'description', 'id', 'name', 'updated_at', 'version'] } as const
/** List regions. */
export const listRegions: Operation<never, ListQuery<typeof listRegionsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.RegionView> }> = { method: 'GET', path: '/api/v2/regions', permission: 'offices:read' }
/** Create a region. */
export const createRegion: Operation<never, undefined, S.WriteRegion, S.Shown_RegionView> = { method: 'POST', path: '/api/v2/regions', permission: 'offices:manage' }
/** Delete a region. */
export const deleteRegion: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/regions/{id}', permission: 'offices:manage' }
/** Get a region. */
export const getRegion: Operation<'id', undefined, undefined, S.RegionView> = { method: 'GET', path: '/api/v2/regions/{id}', permission: 'offices:read' }
/** Update a region. */
export const updateRegion: Operation<'id', undefined, S.WriteRegionPatch, S.Shown_RegionView> = { method: 'PATCH', path: '/api/v2/regions/{id}', permission: 'offices:manage' }
/** Replace a region. */
export const replaceRegion: Operation<'id', undefined, S.WriteRegion, S.Shown_RegionView> = { method: 'PUT', path: '/api/v2/regions/{id}', permission: 'offices:manage' }
/** Restore a deleted region. */
export const restoreRegion: Operation<'id', undefined, undefined, S.Shown_RegionView> = { method: 'POST', path: '/api/v2/regions/{id}/restore', permission: 'offices:manage' }
export const listRolesListing = { filters: { id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], level: ['eq', 'in', 'gte', 'lte', 'isnull'], data_scope: ['eq', 'in', 'isnull'], is_system: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'name', 'level', 'data_scope', 'is_system', 'created_by', 'created_at', 'updated_at'], fields: ['created_at', 'created_by', 'data_scope', 'description', 'id', 'is_system', 'level', 'name', 'permissions', 'updated_at', 'version'] } as const
/** List roles. */
export const listRoles: Operation<never, ListQuery<typeof listRolesListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.RoleView> }> = { method: 'GET', path: '/api/v2/roles', permission: 'roles:read' }
/** Create a role. */
export const createRole: Operation<never, undefined, S.WriteRole, S.Shown_RoleView> = { method: 'POST', path: '/api/v2/roles', permission: 'roles:manage' }
/** Delete a role. */
export const deleteRole: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/roles/{id}', permission: 'roles:manage' }
/** Get a role. */
export const getRole: Operation<'id', undefined, undefined, S.RoleView> = { method: 'GET', path: '/api/v2/roles/{id}', permission: 'roles:read' }
/** Update a role. */
export const updateRole: Operation<'id', undefined, S.WriteRolePatch, S.Shown_RoleView> = { method: 'PATCH', path: '/api/v2/roles/{id}', permission: 'roles:manage' }
/** Replace a role. */
export const replaceRole: Operation<'id', undefined, S.WriteRole, S.Shown_RoleView> = { method: 'PUT', path: '/api/v2/roles/{id}', permission: 'roles:manage' }
/** Set the permissions of a role. */
export const setRolePermissions: Operation<'id', undefined, S.WriteGrants, S.Shown_RoleView> = { method: 'PUT', path: '/api/v2/roles/{id}/permissions', permission: 'roles:manage' }
export const listSettingsListing = { filters: { id: ['eq', 'in', 'isnull'], key: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], scope: ['eq', 'in', 'isnull'], user_id: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'key', 'scope', 'user_id', 'created_by', 'created_at', 'updated_at'], fields: ['created_at', 'created_by', 'id', 'key', 'scope', 'updated_at', 'user_id', 'value', 'version'] } as const
/** List settings. */
export const listSettings: Operation<never, ListQuery<typeof listSettingsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.SettingView> }> = { method: 'GET', path: '/api/v2/settings', permission: 'settings:read' }
/** Create a setting. */
export const createSetting: Operation<never, undefined, S.WriteSetting, S.SettingView> = { method: 'POST', path: '/api/v2/settings', permission: 'settings:read' }
/** Update several settings. */
export const bulkUpdateSettings: Operation<never, undefined, S.BulkUpdate, S.BulkUpdated> = { method: 'POST', path: '/api/v2/settings/bulk_update', permission: 'settings:read' }
/** Delete a setting. */
export const deleteSetting: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/settings/{id}', permission: 'settings:read' }
/** Get a setting. */
export const getSetting: Operation<'id', undefined, undefined, S.SettingView> = { method: 'GET', path: '/api/v2/settings/{id}', permission: 'settings:read' }
/** Update a setting. */
export const updateSetting: Operation<'id', undefined, S.WriteSettingPatch, S.SettingView> = { method: 'PATCH', path: '/api/v2/settings/{id}', permission: 'settings:read' }
/** Replace a setting. */
export const replaceSetting: Operation<'id', undefined, S.WriteSetting, S.SettingView> = { method: 'PUT', path: '/api/v2/settings/{id}', permission: 'settings:read' }
export const listTenantProductsListing = { filters: { id: ['eq', 'in', 'isnull'], catalog_product_id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], category_id: ['eq', 'in', 'isnull'], category: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], industry_id: ['eq', 'in', 'isnull'], industry: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], enabled: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'catalog_product_id', 'name', 'category_id', 'category', 'industry_id', 'industry', 'enabled', 'created_by', 'created_at', 'updated_at'], fields: ['catalog_product_id', 'category', 'category_id', 'created_at', 'created_by', 'enabled', 'id', 'industry', 'industry_id', 'name', 'updated_at', 'version'] } as const
/** List the tenant's catalog products. */
export const listTenantProducts: Operation<never, ListQuery<typeof listTenantProductsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.TenantProductView> }> = { method: 'GET', path: '/api/v2/tenant-products' }
/** Attach a catalog product. */
export const attachCatalogProduct: Operation<never, undefined, S.AttachProduct, S.TenantProductView> = { method: 'PUT', path: '/api/v2/tenant-products', permission: 'tenant_products:manage' }
/** Detach a catalog product. */
export const detachCatalogProduct: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/tenant-products/{id}', permission: 'tenant_products:manage' }
/** Get one of the tenant's catalog products. */
export const getTenantProduct: Operation<'id', undefined, undefined, S.TenantProductView> = { method: 'GET', path: '/api/v2/tenant-products/{id}' }
/** Attach a catalog product by id. */
export const attachCatalogProductById: Operation<'id', undefined, S.SwitchProduct, S.TenantProductView> = { method: 'PUT', path: '/api/v2/tenant-products/{id}', permission: 'tenant_products:manage' }
export const listMembersListing = { filters: { id: ['eq', 'in', 'isnull'], user_id: ['eq', 'in', 'isnull'], role: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], data_scope: ['eq', 'in', 'isnull'], department: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], branch_id: ['eq', 'in', 'isnull'], reports_to: ['eq', 'in', 'isnull'], status: ['eq', 'in', 'isnull'], joined_at: ['eq', 'in', 'gte', 'lte', 'isnull'], invited_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'user_id', 'role', 'data_scope', 'department', 'branch_id', 'reports_to', 'status', 'joined_at', 'invited_by', 'created_at', 'updated_at'], fields: ['branch_id', 'created_at', 'data_scope', 'department', 'email', 'first_name', 'id', 'invited_by', 'joined_at', 'last_name', 'reports_to', 'role', 'status', 'updated_at', 'user_id', 'version'] } as const
/** List members. */
export const listMembers: Operation<never, ListQuery<typeof listMembersListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.TenantUserView> }> = { method: 'GET', path: '/api/v2/tenant-users', permission: 'tenant_users:read' }
/** Remove a member. */
export const removeMember: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/tenant-users/{id}', permission: 'tenant_users:update' }
/** Get a member. */
export const getMember: Operation<'id', undefined, undefined, S.TenantUserView> = { method: 'GET', path: '/api/v2/tenant-users/{id}', permission: 'tenant_users:read' }
/** Update a member. */
export const updateMember: Operation<'id', undefined, S.WriteMembershipPatch, S.Shown_TenantUserView> = { method: 'PATCH', path: '/api/v2/tenant-users/{id}', permission: 'tenant_users:update' }
/** List the managers above a member. */
export const listMemberAncestors: Operation<'id', undefined, undefined, S.Relatives> = { method: 'GET', path: '/api/v2/tenant-users/{id}/ancestors', permission: 'tenant_users:read' }
/** Set the manager of a member. */
export const setMemberManager: Operation<'id', undefined, S.UpdateReportsTo, S.Shown_TenantUserView> = { method: 'PATCH', path: '/api/v2/tenant-users/{id}/reports_to', permission: 'tenant_users:update' }
/** List the subordinates of a member. */
export const listMemberSubordinates: Operation<'id', undefined, undefined, S.Relatives> = { method: 'GET', path: '/api/v2/tenant-users/{id}/subordinates', permission: 'tenant_users:read' }
/** Change the role of a member. */
export const updateMemberRole: Operation<'id', undefined, S.UpdateRole, S.Shown_TenantUserView> = { method: 'PATCH', path: '/api/v2/tenant-users/{id}/update_role', permission: 'tenant_users:update' }
export const listTenantsListing = { filters: { id: ['eq', 'in', 'isnull'], client_id: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], website: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], status: ['eq', 'in', 'isnull'], industry: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], phone: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], employee_count: ['eq', 'in', 'gte', 'lte', 'isnull'], city: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], country: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], timezone: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], isolation: ['eq', 'in', 'isnull'], subscription_status: ['eq', 'in', 'isnull'], max_users: ['eq', 'in', 'gte', 'lte', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'client_id', 'name', 'website', 'status', 'industry', 'phone', 'employee_count', 'city', 'country', 'timezone', 'isolation', 'subscription_status', 'max_users', 'created_by', 'created_at', 'updated_at'], fields: ['address', 'city', 'client_id', 'country', 'created_at', 'created_by', 'description', 'employee_count', 'id', 'industry', 'isolation', 'logo_url', 'max_users', 'name', 'phone', 'schema_name', 'settings', 'status', 'subscription_status', 'timezone', 'updated_at', 'version', 'website'] } as const
/** List tenants. */
export const listTenants: Operation<never, ListQuery<typeof listTenantsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.TenantView> }> = { method: 'GET', path: '/api/v2/tenants', permission: 'tenants:list' }
/** Create a tenant. */
export const createTenant: Operation<never, undefined, S.CreateTenant, S.TenantView> = { method: 'POST', path: '/api/v2/tenants', permission: 'tenants:create' }
/** Check whether a client id is available. */
export const checkClientId: Operation<never, { client_id?: string }, undefined, S.ClientIdAvailability> = { method: 'GET', path: '/api/v2/tenants/check' }
/** Delete a tenant. */
export const deleteTenant: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/tenants/{id}', permission: 'tenants:administer' }
/** Get a tenant. */
export const getTenant: Operation<'id', undefined, undefined, S.TenantView> = { method: 'GET', path: '/api/v2/tenants/{id}', permission: 'tenant:read' }
/** Update the profile of a tenant. */
export const updateTenant: Operation<'id', undefined, S.WriteTenantPatch, S.Shown_TenantView> = { method: 'PATCH', path: '/api/v2/tenants/{id}', permission: 'tenant:update' }
/** Replace the profile of a tenant. */
export const replaceTenant: Operation<'id', undefined, S.WriteTenant, S.Shown_TenantView> = { method: 'PUT', path: '/api/v2/tenants/{id}', permission: 'tenant:update' }
/** Activate a tenant. */
export const activateTenant: Operation<'id', undefined, undefined, S.TenantView> = { method: 'POST', path: '/api/v2/tenants/{id}/activate', permission: 'tenants:administer' }
/** List the domains of a tenant. */
export const listDomains: Operation<'id', undefined, undefined, S.Domains> = { method: 'GET', path: '/api/v2/tenants/{id}/domains', permission: 'tenant:read' }
/** Create a domain. */
export const createDomain: Operation<'id', undefined, S.WriteDomain, S.DomainView> = { method: 'POST', path: '/api/v2/tenants/{id}/domains', permission: 'tenant:update' }
/** Delete a domain. */
export const deleteDomain: Operation<'id' | 'domain_id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/tenants/{id}/domains/{domain_id}', permission: 'tenant:update' }
/** Get a domain. */
export const getDomain: Operation<'id' | 'domain_id', undefined, undefined, S.DomainView> = { method: 'GET', path: '/api/v2/tenants/{id}/domains/{domain_id}', permission: 'tenant:read' }
/** Update a domain. */
export const updateDomain: Operation<'id' | 'domain_id', undefined, S.WriteDomainPatch, S.DomainView> = { method: 'PATCH', path: '/api/v2/tenants/{id}/domains/{domain_id}', permission: 'tenant:update' }
/** Replace a domain. */
export const replaceDomain: Operation<'id' | 'domain_id', undefined, S.WriteDomain, S.DomainView> = { method: 'PUT', path: '/api/v2/tenants/{id}/domains/{domain_id}', permission: 'tenant:update' }
/** Verify a domain. */
export const verifyDomain: Operation<'id' | 'domain_id', undefined, undefined, S.DomainView> = { method: 'POST', path: '/api/v2/tenants/{id}/domains/{domain_id}/verify', permission: 'tenant:update' }
/** Invite a member. */
export const inviteMember: Operation<'id', undefined, S.InviteUser, S.SentInvitationView> = { method: 'POST', path: '/api/v2/tenants/{id}/invite_user', permission: 'tenant_users:invite' }
/** Get the isolation of a tenant. */
export const getTenantIsolation: Operation<'id', undefined, undefined, S.IsolationView> = { method: 'GET', path: '/api/v2/tenants/{id}/isolation', permission: 'tenants:administer' }
/** Change the isolation of a tenant. */
export const changeTenantIsolation: Operation<'id', undefined, S.ChangeIsolation, S.MoveView> = { method: 'POST', path: '/api/v2/tenants/{id}/isolation', permission: 'tenants:administer' }
/** Get the progress of a tenant's move. */
export const getTenantMove: Operation<'id' | 'move_id', undefined, undefined, S.MoveView> = { method: 'GET', path: '/api/v2/tenants/{id}/isolation/{move_id}', permission: 'tenants:administer' }
/** Delete the logo of a tenant. */
export const deleteTenantLogo: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/tenants/{id}/logo', permission: 'tenant:update' }
/** Get the logo of a tenant. */
export const getTenantLogo: Operation<'id', undefined, undefined, Blob> = { method: 'GET', path: '/api/v2/tenants/{id}/logo' }
/** Upload the logo of a tenant. */
export const uploadTenantLogo: Operation<'id', undefined, FormData, S.Shown_TenantView> = { method: 'PUT', path: '/api/v2/tenants/{id}/logo', permission: 'tenant:update' }
/** Remove a member by user id. */
export const removeMemberByUser: Operation<'id', undefined, S.RemoveUser, undefined> = { method: 'POST', path: '/api/v2/tenants/{id}/remove_user', permission: 'tenant_users:update' }
/** Suspend a tenant. */
export const suspendTenant: Operation<'id', undefined, undefined, S.TenantView> = { method: 'POST', path: '/api/v2/tenants/{id}/suspend', permission: 'tenants:administer' }
/** Show the page for accepting an invitation. */
export const showInvitationPage: Operation<never, undefined, undefined, Blob> = { method: 'GET', path: '/invitations/accept' }
