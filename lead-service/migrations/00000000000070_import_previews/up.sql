-- An import may wait until a person has seen what its columns were taken for.
alter table imports drop constraint imports_mode_check, drop constraint imports_format_check;
alter table imports
    add constraint imports_mode_check check (mode in ('commit', 'validate', 'preview')),
    add constraint imports_format_check check (format in ('csv', 'ndjson', 'json', 'xlsx', 'vcard')),
    -- What becomes of rows about known people, where no field to update by is named.
    add column duplicate_policy text not null default 'skip' constraint imports_duplicate_policy_check
        check (duplicate_policy in ('skip', 'attach', 'update_empty', 'update', 'create')),
    -- Where the rows are in the file and how they are read. Empty for imports from before, which are read as UTF-8.
    add column layout jsonb not null default '{}',
    -- The columns in the order of the file, with what each was taken for.
    add column columns jsonb not null default '[]',
    -- What the person asked for beside.
    add column settings jsonb not null default '{}',
    -- What was noticed about the file as a whole.
    add column warnings jsonb not null default '[]',
    -- Rows with warnings.
    add column warned integer not null default 0,
    add column rows_estimate bigint,
    -- The digest of the headings: the next file with the same ones is read like this one.
    add column headings text;
create index imports_headings_idx on imports (tenant_id, headings, created_at desc) where headings is not null;

drop index imports_due_idx;
create index imports_due_idx on imports (created_at)
    where status in ('pending', 'validating', 'running') and mode <> 'preview' or is_undoing;

alter table import_rows
    -- The line of the file on which it begins.
    add column place bigint,
    -- By which field the person was known.
    add column matched_by text,
    -- What of the row could not be read.
    add column warnings jsonb;
drop index import_rows_errors_idx;
create index import_rows_outcome_idx on import_rows (import_id, outcome, line);
