alter table tenant_states drop column is_unproven;
