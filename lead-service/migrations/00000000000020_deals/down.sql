create or replace function cascade_account_deletion() returns trigger language plpgsql as $$
begin
    if new.deleted_at is not null and old.deleted_at is null then
        update leads set deleted_at = new.deleted_at, updated_at = new.updated_at, version = version + 1
            where account_id = new.id and deleted_at is null;
    elsif new.deleted_at is null and old.deleted_at is not null then
        update leads set deleted_at = null, updated_at = new.updated_at, version = version + 1
            where account_id = new.id and deleted_at = old.deleted_at;
    end if;
    return null;
end $$;
drop table tasks, activities, deals, deal_stages, pipelines, contacts;
drop index leads_id_tenant_id_key;
