drop function fill_members(jsonb, jsonb);
drop function lead_record(jsonb);
