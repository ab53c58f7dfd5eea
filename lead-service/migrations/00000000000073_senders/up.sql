-- The tool that sent a submission, recognised by its shape.
alter table ingests add column sender varchar(50);
