drop index leads_suggested_by_idx;
drop table record_fills;
drop table record_provenance;
