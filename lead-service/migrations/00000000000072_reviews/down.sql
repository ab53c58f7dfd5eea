drop index ingests_status_idx;
alter table ingests drop column status, drop column reviewed_by, drop column reviewed_at, drop column filled;
alter table api_keys drop constraint api_keys_origins_check, drop column kind;
