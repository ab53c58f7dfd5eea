-- On whose behalf a mail is sent, and what is counted to bound how many go to an address and on behalf of a tenant.
alter table mails add column sender_tenant uuid;
create index mails_recipient_idx on mails (recipient, created_at desc);
create index mails_sender_tenant_idx on mails (sender_tenant, created_at desc) where sender_tenant is not null;
select global_table('mails', 'select (id, recipient, template, sender_tenant, created_at)');
