drop function tenant_is_elsewhere();
