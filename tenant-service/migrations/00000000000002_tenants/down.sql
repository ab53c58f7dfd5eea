drop view tenant_users;
drop table membership_closure, memberships, permissions, role_permissions, roles, domains, tenants;
