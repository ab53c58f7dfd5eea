drop index import_rows_outcome_idx;
create index import_rows_errors_idx on import_rows (import_id, line) where outcome = 'error';
alter table import_rows drop column warnings, drop column matched_by, drop column place;

drop index imports_due_idx;
create index imports_due_idx on imports (created_at)
    where status in ('pending', 'validating', 'running') or is_undoing;

drop index imports_headings_idx;
alter table imports drop column headings, drop column rows_estimate, drop column warned, drop column warnings,
    drop column settings, drop column columns, drop column layout, drop column duplicate_policy,
    drop constraint imports_format_check, drop constraint imports_mode_check;
alter table imports
    add constraint imports_mode_check check (mode in ('commit', 'validate')),
    add constraint imports_format_check check (format in ('csv', 'ndjson'));
