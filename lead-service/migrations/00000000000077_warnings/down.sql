alter table ingests drop column warnings;
alter table api_keys drop column strict;
