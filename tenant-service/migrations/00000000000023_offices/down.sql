drop index memberships_branch_id_idx;
alter table memberships drop constraint memberships_branch_id_fkey;
drop table branches, regions;
