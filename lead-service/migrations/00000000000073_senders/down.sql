alter table ingests drop column sender;
