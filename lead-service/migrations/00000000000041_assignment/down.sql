drop index leads_open_idx;
drop table former_members, assignment_traces, assignment_rules;
