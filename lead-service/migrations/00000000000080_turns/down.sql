alter table rescorings drop column attempts;
drop index handovers_turns_idx;
drop index enrichment_handoffs_turns_idx;
