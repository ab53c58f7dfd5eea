-- Whether a key refuses a submission for a fault that it could do without; else the fault is a warning.
alter table api_keys add column strict boolean not null default false;
-- What could not be read of a submission that was taken in all the same.
alter table ingests add column warnings jsonb;
