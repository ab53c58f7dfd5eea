-- A read that enters its tenant by itself calls this when the tenant has a schema of its own, whose tables its text does
-- not name. `stable` has the planner ask before a single row is read.
create function tenant_is_elsewhere() returns boolean language plpgsql stable as $$
begin
    raise exception 'the tenant has a schema of its own';
end $$;
