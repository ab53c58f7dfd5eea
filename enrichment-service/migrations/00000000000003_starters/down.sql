drop index jobs_started_by_idx;
alter table jobs drop column started_by;
