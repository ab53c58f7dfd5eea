drop table lead_merges, ingests, identity_keys;
alter table api_keys drop column duplicate_policy;
alter table leads drop column merged_into;
