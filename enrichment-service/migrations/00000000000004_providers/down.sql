drop table furnished_tenants;
drop function forget_raw_records(uuid, uuid);
drop table enrichment_forgotten;
drop index raw_records_provider_idx;
drop index raw_records_subject_id_idx;
delete from raw_records where job_id is null;
alter table raw_records drop column provider_id, drop column subject_id, alter column job_id set not null;
drop table enrichment_budgets;
drop table enrichment_calls;
drop table enrichment_providers;
delete from jobs where type = 'LEAD_INFO';
alter table jobs drop constraint jobs_type_check, add constraint jobs_type_check
    check (type in ('COMPANY_INFO', 'GENERATE_LEADS', 'LEAD_LINKEDIN_RESEARCH', 'CUSTOM_COLUMN'));
