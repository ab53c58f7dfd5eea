-- Enrichment is also asked for by hand: for an account's data and for a lead's.
alter table enrichment_handoffs drop constraint enrichment_handoffs_kind_check,
    add constraint enrichment_handoffs_kind_check
        check (kind in ('COMPANY_INFO', 'LEAD_INFO', 'GENERATE_LEADS', 'LEAD_LINKEDIN_RESEARCH'));
