alter table leads no force row level security;
alter table identity_keys no force row level security;
update leads set source_key = 'api', lead_reference_id = substr(source_key, 8) || ':' || lead_reference_id
    where starts_with(source_key, 'import:') and lead_reference_id is not null;
update identity_keys set value = split_part(substr(value, 8), ' ', 1) || ':' || substr(value, strpos(value, ' ') + 1)
    where kind = 'reference' and starts_with(value, 'import:') and strpos(value, ' ') > 0;
alter table leads force row level security;
alter table identity_keys force row level security;
