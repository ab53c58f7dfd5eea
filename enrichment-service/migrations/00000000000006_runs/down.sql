update account_enrichment_status set status = 'completed' where status = 'skipped';
delete from account_enrichment_status where enrichment_type = 'LEAD_INFO';
alter table account_enrichment_status
    drop constraint account_enrichment_status_status_check,
    add constraint account_enrichment_status_status_check
        check (status in ('pending', 'in_progress', 'completed', 'failed')),
    drop constraint account_enrichment_status_enrichment_type_check,
    add constraint account_enrichment_status_enrichment_type_check
        check (enrichment_type in ('COMPANY_INFO', 'GENERATE_LEADS', 'LEAD_LINKEDIN_RESEARCH', 'CUSTOM_COLUMN'));
drop index jobs_run_id_idx;
drop index jobs_due_idx;
update jobs set status = 'failed' where status = 'skipped';
update jobs set next_attempt_at = now() where next_attempt_at is null;
alter table jobs drop constraint jobs_status_check, add constraint jobs_status_check
        check (status in ('pending', 'in_progress', 'completed', 'failed', 'cancelled')),
    alter column next_attempt_at set not null,
    add column leased_until timestamptz, add column worker text,
    drop column error_details, drop column force, drop column cost, 
    drop column provider_id, drop column column_id, drop column waterfall_version, drop column waterfall_id,
    drop column run_id;
create index jobs_due_idx on jobs (next_attempt_at) where status in ('pending', 'in_progress');
drop table enrichment_runs;
