alter table memberships drop column inactive_since;
