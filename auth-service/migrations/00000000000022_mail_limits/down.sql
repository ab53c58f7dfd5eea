do $$ begin
    execute format('revoke select (id, recipient, template, tenant_id, created_at) on mails from %I', app_role());
end $$;
drop index mails_tenant_id_idx;
drop index mails_recipient_idx;
alter table mails drop column tenant_id;
