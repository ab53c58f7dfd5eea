alter table domains drop column version;
drop table logos;
