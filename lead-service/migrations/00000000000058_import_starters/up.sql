-- An import acts with what the person who started its present stage may do while it runs: the one who uploaded it, who
-- committed it, or who had it undone. None for imports from before, which act for the person who uploaded them.
alter table imports add column acts_for uuid,
    -- That person's role on the platform, for platform staff.
    add column acts_as text constraint imports_acts_as_check check (acts_as in ('internal_cs', 'internal_admin')),
    -- A process of an earlier release, which would go by it, takes no import any more.
    drop column sees;
