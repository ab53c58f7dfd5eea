-- Whether no admin of the tenant has a proven e-mail address, as tenant-service says. Workers send nothing out for such a
-- tenant; what waits is sent once that is over.
alter table tenant_states add column is_unproven boolean not null default false;
