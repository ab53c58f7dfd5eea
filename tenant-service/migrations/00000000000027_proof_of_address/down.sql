drop view tenant_audit;
drop index invitations_invited_by_idx;
comment on column invitations.is_for_member is null;
alter table invitations drop column by_staff;
alter table invitations drop column mailed_token_hash;
alter table tenants drop column is_unproven;
drop table proven_people;
