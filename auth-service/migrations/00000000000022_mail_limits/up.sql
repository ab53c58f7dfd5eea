-- On whose behalf a mail is sent, and what is counted to bound how many go to an address and on behalf of a tenant.
alter table mails add column tenant_id uuid;
create index mails_recipient_idx on mails (recipient, created_at desc);
create index mails_tenant_id_idx on mails (tenant_id, created_at desc) where tenant_id is not null;
select global_table('mails', 'select (id, recipient, template, tenant_id, created_at)');
