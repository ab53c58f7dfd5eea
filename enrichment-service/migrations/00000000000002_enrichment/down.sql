drop function make_raw_records_partitions;
drop table raw_records, field_provenance, account_enrichment_status, jobs;
