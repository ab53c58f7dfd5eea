do $$ begin
    execute format('revoke select (id, recipient, template, sender_tenant, created_at) on mails from %I', app_role());
end $$;
drop index mails_sender_tenant_idx;
drop index mails_recipient_idx;
alter table mails drop column sender_tenant;
