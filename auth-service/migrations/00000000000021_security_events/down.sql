comment on table occurrences is null;
drop table security_events;
